-- The answers that these $runs took in, in the order in which they were asked for.
SELECT run_id, fetch_id, connection, as_of, started, ended, verdict, reason, detail, http_status, content, made
FROM fetches
WHERE run_id IN (SELECT unnest($runs))
ORDER BY as_of, started, fetch_id;
