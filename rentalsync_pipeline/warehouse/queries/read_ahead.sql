-- How many nights from today on each connection's bookings in these $states hold, by listing.
WITH nights AS (
    SELECT listing, connection,
        unnest(generate_series(greatest(check_in, $today), check_out - 1, INTERVAL 1 DAY))::DATE AS night
    FROM bookings
    WHERE state IN (SELECT unnest($states)) AND kind <> 'horizon' AND check_out > $today AND listing IS NOT NULL
)
SELECT listing, connection, count(DISTINCT night) AS nights
FROM nights
GROUP BY ALL
ORDER BY ALL;
