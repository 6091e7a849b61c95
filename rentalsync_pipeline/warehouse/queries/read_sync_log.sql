-- Part of the sync log of one connection, the newest first.
SELECT run_id, started, ended, verdict, reason, detail, events, rejected, created, updated, cancelled, unchanged
FROM fetches
WHERE connection = $connection
ORDER BY started DESC, fetch_id
LIMIT $most OFFSET $skipped;
