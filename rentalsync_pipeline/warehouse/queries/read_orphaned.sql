-- Nights from today on that bookings of lost connections hold.
WITH nights AS (
    SELECT listing, connection,
        unnest(generate_series(greatest(check_in, $today), check_out - 1, INTERVAL 1 DAY))::DATE AS night
    FROM bookings
    WHERE state = 'orphaned' AND kind <> 'horizon' AND check_out > $today
)
SELECT listing, connection, count(DISTINCT night) AS nights
FROM nights
GROUP BY ALL
ORDER BY ALL;
