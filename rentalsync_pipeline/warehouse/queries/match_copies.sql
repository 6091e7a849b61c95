-- Which closed nights are copies: rules 3 and 4 of core.matching.
-- In: batch (listing, today), members, closures, closed, originals, $now, $grace (interval).
-- Out: judged (closed nights with their `copy_until`).

-- A copy of a stay holds all its nights; what holds some of them and others besides was sold by itself.
CREATE OR REPLACE TEMP TABLE mirrored AS
WITH claimed AS (SELECT DISTINCT listing, connection, party, night FROM originals WHERE explains),
ahead AS (
    SELECT listing, party, connection, rule = 'distinct' AND kind IN ('block', 'unknown') AS is_closure,
        unnest(generate_series(
            greatest(check_in, today), least(check_out, today + INTERVAL 3 YEAR) - INTERVAL 1 DAY, INTERVAL 1 DAY
        ))::DATE AS night
    FROM members
    JOIN batch USING (listing)
    WHERE party IN (SELECT party FROM claimed)
),
by_itself AS (
    SELECT DISTINCT party, ahead.night
    FROM ahead
    LEFT JOIN closed
        ON is_closure AND closed.listing = ahead.listing
       AND closed.connection = ahead.connection AND closed.night = ahead.night
    WHERE closed.copy_until IS NULL
),
islands AS (
    SELECT *, night - row_number() OVER (PARTITION BY party ORDER BY night)::INTEGER AS island
    FROM by_itself
)
SELECT pairs.listing, pairs.connection, party, islands.night
FROM (SELECT DISTINCT listing, connection, party FROM claimed) AS pairs
JOIN islands USING (party)
LEFT JOIN claimed USING (listing, connection, party, night)
QUALIFY bool_and(claimed.night IS NOT NULL) OVER (PARTITION BY pairs.listing, pairs.connection, party, island);

CREATE OR REPLACE TEMP TABLE judged AS
WITH explained AS (
    SELECT
        originals.listing, originals.connection, night,
        bool_or(explains) AS is_held,
        bool_or(explains AND (mirrored.party IS NOT NULL OR verdict = 'echo')) AS is_mirrored,
        coalesce(bool_or(verdict = 'real'), false) AS is_real
    FROM originals
    LEFT JOIN mirrored USING (listing, connection, party, night)
    GROUP BY ALL
),
wholly AS (
    SELECT closures.listing, closures.connection, closures.key, bool_and(coalesce(is_held, false)) AS is_covered
    FROM closures
    LEFT JOIN explained USING (listing, connection, night)
    GROUP BY ALL
),
by_night AS (
    SELECT
        closed.*,
        coalesce(is_held AND (is_mirrored OR is_covered OR copy_until IS NOT NULL OR preparation), false) AS is_copy,
        coalesce(is_real, false) AS is_real
    FROM closed
    JOIN (
        SELECT listing, connection, night, bool_or(is_covered) AS is_covered
        FROM closures JOIN wholly USING (listing, connection, key)
        GROUP BY ALL
    ) USING (listing, connection, night)
    LEFT JOIN explained USING (listing, connection, night)
)
SELECT
    by_night.* EXCLUDE (copy_until, preparation, is_back, is_copy, is_real),
    -- What has counted by itself is never explained away as preparation.
    preparation AS was_preparation,
    preparation OR since = $now::TIMESTAMP AS may_be_preparation,
    copy_until AS was_until,
    CASE
        WHEN is_real THEN NULL
        WHEN is_copy THEN TIMESTAMP 'infinity'
        -- It went with its original and is back without: somebody else was sold these nights.
        WHEN is_back THEN NULL
        WHEN copy_until IS NULL OR night < today THEN copy_until
        -- Its original is gone: it goes soon, too, or counts by itself.
        WHEN least(copy_until, $now + $grace) > $now THEN least(copy_until, $now + $grace)
    END AS copy_until
FROM by_night
JOIN batch USING (listing);
