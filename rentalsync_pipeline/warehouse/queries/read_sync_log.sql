-- Part of the sync log of one connection, or of all, the newest first.
SELECT connection, run_id, started, ended, verdict, reason, detail, events, rejected, created, updated, cancelled, unchanged
FROM fetches
WHERE connection = $connection OR $connection IS NULL
ORDER BY started DESC, fetch_id
LIMIT $most OFFSET $skipped;
