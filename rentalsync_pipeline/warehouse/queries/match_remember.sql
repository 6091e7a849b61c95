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

CREATE OR REPLACE TEMP TABLE kept_nights AS
SELECT
    listing, connection, night, since, copy_until, copy_until IS NULL AND coalesce(is_beside, false) AS preparation,
    NULL::TIMESTAMP AS gone, $run_id AS run_id
FROM judged
LEFT JOIN (
    SELECT listing, connection, night, bool_and(is_copy) AS is_beside
    FROM closures JOIN settled USING (listing, connection, key)
    GROUP BY ALL
) USING (listing, connection, night)
UNION ALL BY NAME
SELECT closed_nights.* REPLACE (coalesce(gone, $now::TIMESTAMP) AS gone)
FROM closed_nights
SEMI JOIN batch USING (listing)
ANTI JOIN judged USING (listing, connection, night)
WHERE coalesce(gone, $now::TIMESTAMP) + $returns > $now AND night >= $since;

DELETE FROM closed_nights USING batch WHERE closed_nights.listing = batch.listing;
INSERT INTO closed_nights BY NAME FROM kept_nights;
