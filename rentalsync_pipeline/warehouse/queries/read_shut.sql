-- Listings of which nothing is left to sell because much was closed at once, with the connections that did it.
SELECT
    listing, shut_since AS since, free_before,
    (
        SELECT list_sort(list(DISTINCT connection))
        FROM bookings
        WHERE bookings.listing = vacancies.listing AND bookings.run_id = vacancies.run_id AND bookings.state = 'present'
    ) AS connections
FROM vacancies
WHERE shut_since IS NOT NULL
ORDER BY listing;
