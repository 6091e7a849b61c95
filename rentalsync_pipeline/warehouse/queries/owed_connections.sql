-- What the partitions of the channels have not been told: news, trouble that began or ended.
-- Trouble that merely lasts is in the run's check, not here.
SELECT fetch_id, run_id, connection, channel, started, ended, verdict, reason, detail, events, rejected,
       created, updated, cancelled, unchanged
FROM fetches
WHERE NOT reported
ORDER BY started, fetch_id
LIMIT $most;
