-- What the partitions of the channels have not been told: news, trouble that began or ended.
-- Trouble that merely lasts is in the run's check, not here.
CREATE OR REPLACE TEMP TABLE untold AS
WITH recent AS (
    SELECT *, lag(coalesce(reason, 'none')) OVER (PARTITION BY connection ORDER BY started, fetch_id) AS reason_before
    FROM fetches
    SEMI JOIN (SELECT DISTINCT connection FROM fetches WHERE NOT reported) AS owing USING (connection)
    WHERE started >= $since
)
SELECT *, created + updated + cancelled + rejected > 0 OR coalesce(reason, 'none') IS DISTINCT FROM coalesce(reason_before, 'none') AS news
FROM recent
WHERE NOT reported;

UPDATE fetches SET reported = true
WHERE NOT reported AND (started < $since OR fetch_id IN (SELECT fetch_id FROM untold WHERE NOT news));

SELECT fetch_id, run_id, connection, channel, started, ended, verdict, reason, detail, events, rejected,
       created, updated, cancelled, unchanged
FROM untold
WHERE news
ORDER BY started, fetch_id
LIMIT $most;
