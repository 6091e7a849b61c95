-- Of each connection the calendar that was read last, with how much of it could not be.
SELECT connection, events, rejected
FROM fetches
WHERE verdict = 'accepted' OR reason = 'unreadable'
QUALIFY row_number() OVER (PARTITION BY connection ORDER BY started DESC, fetch_id DESC) = 1
ORDER BY connection;
