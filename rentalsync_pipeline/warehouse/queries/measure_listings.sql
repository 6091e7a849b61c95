-- What is true of each listing: stays, nights to sell, double bookings, nights that turned. A listing has a row for
-- each of these, in which the others are null.
SELECT listing, count(*) AS stays
FROM stays
WHERE active AND kind NOT IN ('block', 'horizon')
GROUP BY listing
UNION ALL BY NAME
SELECT listing, free AS free_nights FROM vacancies
UNION ALL BY NAME
SELECT
    listing,
    count(*) AS conflicts_total,
    count(*) FILTER (resolved IS NULL AND last_night >= $today AND certainty = 'certain') AS conflicts_certain,
    count(*) FILTER (resolved IS NULL AND last_night >= $today AND certainty = 'possible') AS conflicts_possible,
    count(*) FILTER (resolved IS NULL AND last_night >= $today AND certainty = 'to_confirm') AS conflicts_to_confirm
FROM conflicts
GROUP BY listing
UNION ALL BY NAME
SELECT
    listing,
    coalesce(sum(last_night - first_night + 1) FILTER (busy), 0) AS nights_taken_total,
    coalesce(sum(last_night - first_night + 1) FILTER (NOT busy), 0) AS nights_freed_total
FROM changes
GROUP BY listing
ORDER BY listing;
