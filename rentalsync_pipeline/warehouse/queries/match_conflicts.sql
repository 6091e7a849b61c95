-- Keeps the conflict ledger of the listings at hand.
-- In: batch (listing, today), certainties (kind_a, kind_b, certainty), $now, $otas.

CREATE OR REPLACE TEMP TABLE shared AS
WITH occupied AS (
    SELECT stays.*, today,
        (SELECT list_sort(list(DISTINCT connection)) FROM stay_sources WHERE stay_sources.stay = stays.stay
            AND stay_sources.rule <> 'own_uid') AS connections
    FROM stays
    JOIN batch USING (listing)
    WHERE active AND check_out > today
)
SELECT
    a.listing, a.stay AS stay_a, b.stay AS stay_b, certainty,
    greatest(a.check_in, b.check_in, a.today) AS first_night,
    least(a.check_out, b.check_out) - 1 AS last_night
FROM occupied AS a
JOIN occupied AS b
    ON a.listing = b.listing
   AND a.stay <> b.stay
   AND a.check_in < b.check_out AND b.check_in < a.check_out
   AND (a.first_seen, a.stay) < (b.first_seen, b.stay)
JOIN certainties ON certainties.kind_a = a.kind AND certainties.kind_b = b.kind
-- What one calendar itself writes over each other (a closure over a stay) is no second sale, nor is one
-- reservation that some source splits in two.
WHERE NOT (certainty = 'possible' AND a.connections = b.connections)
  AND NOT coalesce(a.code = b.code AND (a.channel = b.channel OR NOT list_has_all($otas, [a.channel, b.channel])), false);

UPDATE conflicts
SET certainty = shared.certainty, first_night = shared.first_night, last_night = shared.last_night
FROM shared
WHERE conflicts.resolved IS NULL
  AND conflicts.stay_a = shared.stay_a AND conflicts.stay_b = shared.stay_b;

UPDATE conflicts
SET resolved = $now,
    resolution = CASE WHEN last_night < batch.today THEN 'the nights have passed' ELSE 'the nights are not shared any more' END
FROM batch
WHERE conflicts.listing = batch.listing
  AND resolved IS NULL
  AND NOT EXISTS (
    SELECT 1 FROM shared
    WHERE shared.stay_a = conflicts.stay_a AND shared.stay_b = conflicts.stay_b
  );

INSERT INTO conflicts
SELECT nextval('conflict_ids'), listing, stay_a, stay_b, certainty, first_night, last_night, $now, NULL, NULL, $run_id
FROM shared
ANTI JOIN (FROM conflicts WHERE resolved IS NULL) AS open USING (stay_a, stay_b)
ORDER BY listing, first_night, stay_a, stay_b;
