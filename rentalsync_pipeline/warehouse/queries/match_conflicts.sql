-- Keeps the conflict ledger of the listings at hand.
-- In: batch (listing, today; whole families), identified, copied, certainties (kind_a, kind_b, certainty), $now, $returns, $otas.

CREATE OR REPLACE TEMP TABLE shared AS
WITH occupied AS (
    SELECT stays.*, today, is_missing
    FROM stays
    JOIN batch USING (listing)
    LEFT JOIN (SELECT stay, bool_and(state = 'missing') AS is_missing FROM identified GROUP BY stay) USING (stay)
    -- Nights that a guest has left wait to be free: nobody sleeps there twice.
    ANTI JOIN (
        FROM bookings
        WHERE missing_since IS NOT NULL AND (part_of IS NOT NULL OR EXISTS (
            SELECT 1 FROM bookings AS heir
            WHERE heir.connection = bookings.connection AND heir.uid = bookings.uid
              AND heir.state = 'present' AND heir.listing <> bookings.listing
        ))
    ) AS left_behind ON left_behind.stay = stays.stay AND is_missing
    WHERE active AND check_out > today
),
-- Materialized, or the planner joins all stays by their kinds first.
pairs AS MATERIALIZED (
    SELECT a, b
    FROM occupied AS a
    JOIN kin ON kin.listing = a.listing
    JOIN occupied AS b
        ON b.listing = kin.relative
       AND a.stay <> b.stay
       AND a.check_in < b.check_out AND b.check_in < a.check_out
       AND (a.first_seen, a.stay) < (b.first_seen, b.stay)
)
SELECT
    a.listing, b.listing AS other_listing, a.stay AS stay_a, b.stay AS stay_b, certainty,
    greatest(a.check_in, b.check_in, a.today) AS first_night,
    least(a.check_out, b.check_out) - 1 AS last_night
FROM pairs
JOIN certainties ON certainties.kind_a = a.kind AND certainties.kind_b = b.kind
-- What one calendar itself writes over each other (a closure over a stay, a guest over one who is missing) is no second
-- sale, nor is one reservation that some source splits in two.
WHERE NOT (a.connections = b.connections AND (certainty = 'possible' OR a.is_missing OR b.is_missing))
  -- An account that has both the house and the room knows how many rooms there are.
  AND NOT (a.listing <> b.listing AND list_has_any(a.connections, b.connections))
  AND NOT coalesce(a.code = b.code AND (a.channel = b.channel OR NOT list_has_all($otas, [a.channel, b.channel])), false)
UNION
-- Taken for a copy though nobody knows who was first: listed for a person, until one has looked at it.
SELECT
    (first).listing, (second).listing, (first).stay, (second).stay, 'to_confirm',
    greatest(first_night, today), last_night
FROM (
    SELECT
        copied.*, today, closure.active,
        {'seen': copy.first_seen, 'stay': copy.stay, 'listing': copy.listing} AS one,
        {'seen': original.first_seen, 'stay': original.stay, 'listing': original.listing} AS other,
        least(one, other) AS first,
        greatest(one, other) AS second
    FROM copied
    JOIN batch USING (listing)
    JOIN identified AS closure USING (listing, connection, key)
    JOIN (SELECT DISTINCT party, stay FROM identified) AS sold ON sold.party = copied.party
    JOIN stays AS copy ON copy.stay = closure.stay
    JOIN stays AS original ON original.stay = sold.stay
)
JOIN certainties ON certainties.kind_a = kind AND certainties.kind_b = original_kind
WHERE NOT active AND last_night >= today AND (never_timed OR EXISTS (
    SELECT 1 FROM conflicts
    WHERE resolved IS NULL AND certainty = 'to_confirm' AND stay_a = (first).stay AND stay_b = (second).stay
));

-- What a person has settled stays so, and what was gone for an hour was never gone.
DELETE FROM shared USING conflicts
WHERE conflicts.verdict IS NOT NULL AND conflicts.stay_a = shared.stay_a AND conflicts.stay_b = shared.stay_b;

UPDATE conflicts
SET resolved = NULL, resolution = NULL
FROM shared
WHERE conflicts.resolved + $returns > $now
  AND conflicts.stay_a = shared.stay_a AND conflicts.stay_b = shared.stay_b;

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
SELECT
    nextval('conflict_ids'), listing, other_listing, stay_a, stay_b, certainty, first_night, last_night,
    $now, NULL, NULL, $run_id, NULL
FROM shared
ANTI JOIN (FROM conflicts WHERE resolved IS NULL) AS open USING (stay_a, stay_b)
ORDER BY listing, first_night, stay_a, stay_b;
