-- Keeps the quarantines of the connections that were ruled about.
-- In: rulings (connection, ending, since, lost, doubts, decision; since where a quarantine stands), answers.
CREATE OR REPLACE TEMP TABLE held AS
SELECT rulings.*, answers.fetch_id, answers.asked
FROM rulings
JOIN answers USING (connection);

UPDATE quarantines SET resolved = held.asked, ending = held.ending, run_id = $run_id
FROM held
WHERE quarantines.connection = held.connection AND quarantines.resolved IS NULL AND held.since IS NULL;

UPDATE quarantines
SET since = held.since, lost = held.lost, doubts = held.doubts, decision = held.decision, fetch_id = held.fetch_id,
    run_id = $run_id
FROM held
WHERE quarantines.connection = held.connection AND quarantines.resolved IS NULL;

INSERT INTO quarantines
SELECT nextval('quarantine_ids'), connection, since, lost, doubts, decision, fetch_id, NULL, NULL, $run_id
FROM held
ANTI JOIN (FROM quarantines WHERE resolved IS NULL) AS standing USING (connection)
WHERE since IS NOT NULL
ORDER BY connection;
