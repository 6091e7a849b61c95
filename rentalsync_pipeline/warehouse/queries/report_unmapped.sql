-- Bookings of upstream ids that no listing is mapped to; just after one was, they stand twice for a while.
SELECT connection, upstream_listing, count(*) AS bookings
FROM bookings AS homeless
WHERE listing IS NULL AND state IN ('present', 'missing') AND check_out >= $today
  AND NOT EXISTS (
    FROM bookings AS housed
    WHERE housed.connection = homeless.connection AND housed.key = homeless.key
      AND housed.listing IS NOT NULL AND housed.state IN ('present', 'missing')
  )
GROUP BY ALL
ORDER BY ALL;
