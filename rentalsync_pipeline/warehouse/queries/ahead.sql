-- How many occupations of each connection have not ended: an empty answer must not take them.
SELECT bookings.connection, count(*) AS ahead
FROM bookings
JOIN asked USING (connection)
WHERE bookings.state IN ('present', 'missing') AND bookings.check_out > asked.today
GROUP BY bookings.connection;
