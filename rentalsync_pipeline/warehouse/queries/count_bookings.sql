-- How many guests' stays each listing has now; the owner's own weeks are none.
SELECT listing, count(*) AS bookings
FROM stays
WHERE active AND kind NOT IN ('block', 'horizon')
GROUP BY listing;
