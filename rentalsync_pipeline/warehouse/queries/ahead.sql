-- How many occupations each address has told of that have not ended: an empty answer must not take them.
-- In: asked (connection, source, today).
SELECT bookings.connection, count(*) AS ahead
FROM bookings
JOIN asked USING (connection, source)
WHERE bookings.state IN ('present', 'missing') AND bookings.check_out > asked.today
GROUP BY bookings.connection;
