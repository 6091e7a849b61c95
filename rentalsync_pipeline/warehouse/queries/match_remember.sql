-- Remembers the closed nights, and how long a channel took to close them after us.
-- In: batch, closures, judged, originals, settled, $now, $since, $returns (interval).

-- How long the channel took, where it was timed.
INSERT INTO import_lags
SELECT
    originals.listing, originals.connection, any_value(originals.channel), originals.stay,
    epoch(min(originals.since) - max(published))::BIGINT, $now, $run_id
FROM originals
JOIN judged USING (listing, connection, night)
WHERE explains AND was_until IS NULL AND judged.copy_until IS NOT NULL
  AND published < originals.since AND NOT never_timed AND verdict IS NULL
  AND NOT EXISTS (
    SELECT 1 FROM import_lags AS known
    WHERE known.connection = originals.connection AND known.stay = originals.stay
  )
GROUP BY originals.listing, originals.connection, originals.stay;

-- Preparation is what was closed beside a copy in one block. What was closed with it and has no other original than
-- preparation of another calendar, or another copy, is preparation, too.
CREATE OR REPLACE TEMP TABLE beside AS
WITH parts AS (
    SELECT listing, connection, night
    FROM closures
    JOIN settled USING (listing, connection, key)
    JOIN judged USING (listing, connection, night)
    GROUP BY listing, connection, night, copy_until
    HAVING copy_until IS NULL AND bool_and(is_copy)
),
no_originals AS (
    SELECT listing, connection, night FROM judged WHERE copy_until IS NOT NULL
    UNION ALL
    FROM parts
)
FROM parts
UNION
SELECT originals.listing, originals.connection, night
FROM originals
JOIN judged USING (listing, connection, night)
LEFT JOIN no_originals AS other
    ON other.listing = other_listing AND other.connection = other_connection AND other.night = originals.night
WHERE explains AND may_be_preparation
GROUP BY originals.listing, originals.connection, night
HAVING bool_and(other.night IS NOT NULL);

CREATE OR REPLACE TEMP TABLE kept_nights AS
SELECT
    listing, connection, night, since,
    CASE WHEN beside.night IS NULL THEN copy_until END AS copy_until,
    -- A guest may come on a night of preparation, be copied and leave again: then it is preparation again.
    beside.night IS NOT NULL OR (copy_until IS NOT NULL AND was_preparation) AS preparation,
    NULL::TIMESTAMP AS gone, $run_id AS run_id
FROM judged
LEFT JOIN beside USING (listing, connection, night)
UNION ALL BY NAME
SELECT closed_nights.* REPLACE (coalesce(gone, $now::TIMESTAMP) AS gone)
FROM closed_nights
SEMI JOIN batch USING (listing)
ANTI JOIN judged USING (listing, connection, night)
WHERE coalesce(gone, $now::TIMESTAMP) + $returns > $now AND night >= $since;

DELETE FROM closed_nights USING batch WHERE closed_nights.listing = batch.listing;
INSERT INTO closed_nights BY NAME FROM kept_nights;
