-- What is left of a closure that is a copy only in part, and takes the copies out of the groups.
-- In: members, inherited, closures, judged, originals, $preparation (nights), $run_id.
-- Out: copied (a booking and an original of it each), settled (closures that are copies at all), weighed (members, of
--      each what is left), more of inherited.

-- What no original explains, range by range.
CREATE OR REPLACE TEMP TABLE rests AS
WITH copies AS (
    SELECT listing, connection, key, list(since) AS moments, bool_or(was_until IS NULL) AS is_new
    FROM closures
    JOIN judged USING (listing, connection, night)
    WHERE copy_until IS NOT NULL
    GROUP BY listing, connection, key
),
-- What was closed under a guest of the channel's own shows when that guest leaves.
unveiled AS (
    SELECT DISTINCT listing, connection, night
    FROM closures
    JOIN bookings USING (listing, connection)
    WHERE bookings.kind IN ('reservation', 'tentative') AND (state = 'missing' OR bookings.run_id = $run_id)
      AND check_in <= night AND night < check_out
),
islands AS (
    SELECT
        listing, connection, key, night, copy_until, list_contains(moments, since) AS with_copy,
        -- Preparation comes with its copy: who closes nights beside an old one wants them closed.
        may_be_preparation AND (was_preparation OR is_new OR unveiled.night IS NOT NULL) AND closures.kind = 'block'
            AS may_be_preparation,
        min(night) OVER (PARTITION BY listing, connection, key) AS first_night,
        max(night) OVER (PARTITION BY listing, connection, key) AS last_night,
        night - row_number() OVER (PARTITION BY listing, connection, key, copy_until IS NULL ORDER BY night)::INTEGER
            AS island
    FROM closures
    JOIN judged USING (listing, connection, night)
    LEFT JOIN copies USING (listing, connection, key)
    LEFT JOIN unveiled USING (listing, connection, night)
)
SELECT
    listing, connection, key, first_night, min(night) AS check_in, max(night) + 1 AS check_out,
    -- What a channel closed at another time than the copy has nothing to do with it.
    coalesce(bool_and(with_copy), false) AS at_once,
    -- Between two copies there may be the preparation of both.
    count(*) <= $preparation * CASE WHEN min(night) > first_night AND max(night) < last_night THEN 2 ELSE 1 END
        AND bool_and(may_be_preparation) AS may_be_preparation,
    row_number() OVER (PARTITION BY listing, connection, key ORDER BY min(night)) AS part
FROM islands
WHERE copy_until IS NULL
GROUP BY listing, connection, key, first_night, last_night, island;

-- Which closures are copies at all, and which of those as a whole.
CREATE OR REPLACE TEMP TABLE settled AS
WITH copies AS (
    SELECT DISTINCT listing, connection, key
    FROM closures
    JOIN judged USING (listing, connection, night)
    WHERE copy_until IS NOT NULL
)
SELECT listing, connection, key, coalesce(bool_and(may_be_preparation), true) AS is_copy
FROM copies
LEFT JOIN rests USING (listing, connection, key)
GROUP BY listing, connection, key;

CREATE OR REPLACE TEMP TABLE copied AS
SELECT DISTINCT
    listing, connection, closures.key, party, originals.never_timed, closures.kind, original_kind,
    min(night) OVER pair AS first_night, max(night) OVER pair AS last_night
FROM closures
JOIN judged USING (listing, connection, night)
JOIN originals USING (listing, connection, night)
WHERE judged.copy_until IS NOT NULL AND explains
WINDOW pair AS (PARTITION BY listing, connection, closures.key, party);

-- The copies hold nothing; of the others, what is left, the first range under the name of the whole.
CREATE OR REPLACE TEMP TABLE weighed AS
SELECT
    members.* REPLACE (
        CASE WHEN part > 1 THEN concat_ws(chr(31), party, part) ELSE party END AS party,
        coalesce(nullif(rests.check_in, first_night), members.check_in) AS check_in,
        coalesce(rests.check_out, members.check_out) AS check_out,
        CASE WHEN at_once THEN 'block' ELSE members.kind END AS kind
    ),
    coalesce(part, 1) AS part,
    NOT coalesce(is_copy, false) AS active
FROM members
LEFT JOIN settled USING (listing, connection, key)
LEFT JOIN rests
    ON NOT is_copy AND rests.listing = members.listing
   AND rests.connection = members.connection AND rests.key = members.key;

-- A further range keeps the stay that it was.
INSERT INTO inherited
SELECT weighed.listing, party, stays.stay
FROM weighed
JOIN stay_sources USING (listing, connection, key)
JOIN stays ON stays.stay = stay_sources.stay
WHERE part > 1 AND stays.active AND stay_sources.rule = 'distinct'
  AND stays.check_in < weighed.check_out AND weighed.check_in < stays.check_out
  AND stays.stay NOT IN (SELECT stay FROM inherited)
QUALIFY row_number() OVER (PARTITION BY stays.stay ORDER BY weighed.listing, party) = 1
    AND row_number() OVER (PARTITION BY weighed.listing, party ORDER BY stays.stay) = 1;
