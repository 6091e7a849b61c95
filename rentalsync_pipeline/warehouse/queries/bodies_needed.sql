-- Bodies that are kept: of fetches since $since, and of each connection that still tells of anything, the latest.
SELECT DISTINCT content
FROM fetches
WHERE content IS NOT NULL AND started >= $since
UNION
SELECT arg_max(content, started)
FROM fetches
WHERE verdict = 'accepted' AND connection IN (
    SELECT connection FROM known_connections UNION SELECT connection FROM bookings WHERE check_out >= $today
)
GROUP BY connection;
