-- Quarantines, by connection.
SELECT
    connection,
    count(*) FILTER (resolved IS NULL) AS quarantines,
    count(*) AS quarantines_total,
    coalesce(sum(len(lost)) FILTER (resolved IS NULL), 0) AS quarantined_bookings,
    epoch(min(since) FILTER (resolved IS NULL)) AS quarantine_oldest_timestamp_seconds
FROM quarantines
GROUP BY ALL
ORDER BY ALL;
