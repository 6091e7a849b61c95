-- The nights from a day on that the bookings of a connection hold, and which others hold them as well. Of one
-- listing of an account, and of the bookings with these keys, where they are given.
WITH nights AS (
    SELECT DISTINCT
        connection, upstream_listing, listing,
        unnest(generate_series(
            greatest(check_in, $today), least(check_out, $today + INTERVAL 3 YEAR) - INTERVAL 1 DAY, INTERVAL 1 DAY
        ))::DATE AS night
    FROM bookings
    WHERE state IN ('present', 'missing', 'orphaned', 'completed')
      AND kind <> 'horizon' AND NOT own AND check_out > $today AND listing IS NOT NULL
      AND (connection <> $connection OR coalesce(list_contains($keys, key), true))
)
SELECT
    mine.listing, mine.night,
    list_sort(list(DISTINCT others.connection) FILTER (others.connection IS NOT NULL)) AS others
FROM nights AS mine
JOIN kin ON kin.listing = mine.listing
LEFT JOIN nights AS others
    ON others.listing = kin.relative AND others.night = mine.night AND others.connection <> mine.connection
WHERE mine.connection = $connection AND coalesce($upstream_listing, mine.upstream_listing) = mine.upstream_listing
GROUP BY mine.listing, mine.night
ORDER BY mine.listing, mine.night;
