-- Keeps the quarantines of the connections, and of the listings of accounts, that were ruled about.
-- In: rulings (connection, upstream_listing, ending, since, lost, doubts, decision; since where one stands), answers.
CREATE OR REPLACE TEMP TABLE held AS
SELECT rulings.*, answers.fetch_id, answers.asked
FROM rulings
JOIN answers USING (connection);

UPDATE quarantines SET resolved = held.asked, ending = held.ending, run_id = $run_id
FROM held
WHERE quarantines.connection = held.connection
  AND quarantines.upstream_listing IS NOT DISTINCT FROM held.upstream_listing
  AND quarantines.resolved IS NULL AND held.since IS NULL;

UPDATE quarantines
SET since = held.since, lost = held.lost, doubts = held.doubts, decision = held.decision, fetch_id = held.fetch_id,
    run_id = $run_id
FROM held
WHERE quarantines.connection = held.connection
  AND quarantines.upstream_listing IS NOT DISTINCT FROM held.upstream_listing
  AND quarantines.resolved IS NULL;

INSERT INTO quarantines
SELECT
    nextval('quarantine_ids'), connection, upstream_listing, since, lost, doubts, decision, fetch_id, NULL, NULL, $run_id
FROM held
WHERE since IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM quarantines
    WHERE quarantines.connection = held.connection
      AND quarantines.upstream_listing IS NOT DISTINCT FROM held.upstream_listing
      AND resolved IS NULL
)
ORDER BY connection, upstream_listing;
