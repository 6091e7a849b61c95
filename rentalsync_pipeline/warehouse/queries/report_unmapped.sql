-- Bookings of upstream ids that no listing is mapped to.
SELECT connection, upstream_listing, count(*) AS bookings
FROM bookings
WHERE listing IS NULL AND state IN ('present', 'missing') AND check_out >= $today
GROUP BY ALL
ORDER BY ALL;
