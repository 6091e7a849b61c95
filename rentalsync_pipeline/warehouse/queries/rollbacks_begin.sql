-- Rolls feeds back, and ends rollbacks; one that begins ends the one before.
-- In: rolled_back (listing, audience, moment, let_go; none where a rollback only ends), $now.
UPDATE rollbacks SET ended = $now, run_id = $run_id
FROM rolled_back
WHERE rollbacks.ended IS NULL
  AND rollbacks.listing = rolled_back.listing AND rollbacks.audience = rolled_back.audience;

INSERT INTO rollbacks
SELECT listing, audience, moment, let_go, $now, NULL, $run_id FROM rolled_back WHERE moment IS NOT NULL;

INSERT INTO work SELECT DISTINCT 'feeds', listing, $run_id FROM rolled_back;
