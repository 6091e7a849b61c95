-- The sync log of one run: a row a connection, trouble first.
SELECT connection, channel, started, ended, verdict, reason, detail, http_status, bytes, events, rejected,
       created, updated, cancelled, unchanged
FROM fetches
WHERE run_id = $run_id
ORDER BY verdict NOT IN ('failed', 'quarantined'), connection;
