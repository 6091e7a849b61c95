-- The sync log in sums, by connection.
SELECT
    connection,
    channel,
    count(*) AS fetches_total,
    count(*) FILTER (verdict = 'unchanged') AS fetches_unchanged_total,
    count(*) FILTER (verdict = 'quarantined') AS fetches_quarantined_total,
    sum(bytes) AS fetch_bytes_total,
    sum(epoch(ended - started)) AS fetch_seconds_total,
    sum(events) AS events_read_total,
    sum(rejected) AS events_rejected_total,
    sum(created) AS bookings_created_total,
    sum(updated) AS bookings_updated_total,
    sum(cancelled) AS bookings_cancelled_total
FROM fetches
GROUP BY ALL
ORDER BY ALL;
