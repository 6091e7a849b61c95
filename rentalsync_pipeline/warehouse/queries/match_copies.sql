-- Finds out which closures are copies of what another channel sold: rules 3 and 4 of core.matching.
-- In: batch (listing, today), members, inherited, imports (connection, mode, sources), earliest (channel, seconds),
--     $now, $since, $preparation, $longest (nights), $grace (interval).
-- Out: copied (a booking and an original of it each), settled (what is left of each booking), closed_nights.

CREATE OR REPLACE TEMP TABLE first_answers AS
SELECT connection, min(started) AS asked
FROM fetches
WHERE verdict = 'accepted' AND connection IN (SELECT connection FROM members)
GROUP BY connection;

CREATE OR REPLACE TEMP TABLE closures AS
SELECT
    listing, connection, key, stay, channel, kind, stay IS NULL AND first_seen <= asked AS untimed,
    unnest(generate_series(greatest(check_in, $since), check_out - 1, INTERVAL 1 DAY))::DATE AS night
FROM members
LEFT JOIN first_answers USING (connection)
WHERE kind IN ('block', 'unknown') AND rule = 'distinct' AND check_out - check_in <= $longest;

CREATE OR REPLACE TEMP TABLE closed AS
SELECT
    listing, connection, night,
    any_value(closures.channel) AS channel,
    min(kind) AS kind,
    bool_and(untimed) AS untimed,
    coalesce(any_value(since), $now::TIMESTAMP) AS since,
    any_value(copy_until) AS copy_until
FROM closures
LEFT JOIN closed_nights USING (listing, connection, night)
GROUP BY listing, connection, night;

-- What people said of two stays.
CREATE OR REPLACE TEMP TABLE said AS
SELECT DISTINCT closures.listing, connection, night, CASE stay WHEN stay_a THEN stay_b ELSE stay_a END AS stay, verdict
FROM conflicts
JOIN closures ON closures.listing = conflicts.listing AND stay IN (stay_a, stay_b)
WHERE verdict IS NOT NULL;

CREATE OR REPLACE TEMP TABLE parties AS
SELECT
    listing, party, min(check_in) AS check_in, max(check_out) AS check_out,
    list_distinct(flatten([list(channel), list(seller)])) AS channels
FROM members
GROUP BY listing, party;

-- Since when each destination could have taken each night from a feed of ours.
CREATE OR REPLACE TEMP TABLE offered AS
SELECT closed.listing, closed.connection, night, uid AS stay, min(last_modified) AS published
FROM closed
JOIN feed_events
    ON feed_events.listing = closed.listing
   AND feed_events.check_in <= night AND night < feed_events.check_out
   AND feed_events.audience IN ('busy', 'for-' || closed.channel)
GROUP BY ALL;

-- Every night that somebody else holds, too, and whether this one may have been closed because of that.
CREATE OR REPLACE TEMP TABLE originals AS
WITH pairs AS (
    SELECT
        closed.*, members.party, inherited.stay, members.kind AS original_kind, published,
        said.verdict,
        closed.untimed OR (members.stay IS NULL AND members.first_seen <= asked) AS never_timed,
        -- Of two closures that nobody knows the order of, the one that may be a guest is the original.
        other.night IS NULL
            OR (other.since, other.kind = 'block', other.connection)
             < (closed.since, closed.kind = 'block', closed.connection) AS comes_first,
        coalesce(mode, 'auto') AS mode,
        list_contains(sources, members.connection) AND members.valid_from < closed.since AS was_listed,
        published + to_seconds(CASE WHEN mode = 'ours' THEN 0 ELSE coalesce(seconds, 0) END) < closed.since AS was_published
    FROM closed
    JOIN members
        ON members.listing = closed.listing AND members.connection <> closed.connection
       AND members.kind <> 'horizon' AND members.check_in <= closed.night AND closed.night < members.check_out
    JOIN parties ON parties.listing = members.listing AND parties.party = members.party
    LEFT JOIN inherited ON inherited.listing = members.listing AND inherited.party = members.party
    LEFT JOIN first_answers ON first_answers.connection = members.connection
    LEFT JOIN imports ON imports.connection = closed.connection
    LEFT JOIN earliest ON earliest.channel = closed.channel
    LEFT JOIN offered
        ON offered.listing = closed.listing AND offered.connection = closed.connection
       AND offered.night = closed.night AND offered.stay = inherited.stay
    -- The original may be a closure itself, as long as it isn't a copy.
    LEFT JOIN closed AS other
        ON other.listing = members.listing AND other.connection = members.connection AND other.night = closed.night
       AND members.rule = 'distinct' AND members.kind IN ('block', 'unknown')
    LEFT JOIN said
        ON said.listing = closed.listing AND said.connection = closed.connection
       AND said.night = closed.night AND said.stay = inherited.stay
    WHERE other.copy_until IS NULL
      AND (NOT list_contains(parties.channels, closed.channel) OR list_contains(sources, members.connection))
)
SELECT
    * EXCLUDE (was_listed, was_published, comes_first),
    CASE
        WHEN verdict IS NOT NULL THEN verdict = 'echo'
        WHEN mode = 'nothing' THEN false
        WHEN never_timed AND comes_first THEN true
        WHEN copy_until IS NOT NULL THEN true
        WHEN mode = 'listed' THEN was_listed
        ELSE was_published
    END AS explains
FROM pairs;

-- A copy of a stay holds all its nights; what holds some of them and others besides was sold by itself.
CREATE OR REPLACE TEMP TABLE mirrored AS
SELECT listing, connection, party
FROM (SELECT DISTINCT listing, connection, party, night FROM originals WHERE explains)
JOIN batch USING (listing)
JOIN parties USING (listing, party)
WHERE night >= today
GROUP BY listing, connection, party, check_in, check_out, today
HAVING count(*) = check_out - greatest(check_in, today);

CREATE OR REPLACE TEMP TABLE judged AS
WITH explained AS (
    SELECT
        originals.listing, originals.connection, night,
        bool_or(explains) AS is_held,
        bool_or(explains AND (mirrored.party IS NOT NULL OR verdict = 'echo')) AS is_mirrored,
        coalesce(bool_or(verdict = 'real'), false) AS is_real
    FROM originals
    LEFT JOIN mirrored USING (listing, connection, party)
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
        coalesce(is_held AND (is_mirrored OR is_covered OR copy_until IS NOT NULL), false) AS is_copy,
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
    by_night.* EXCLUDE (copy_until, is_copy, is_real),
    copy_until AS was_until,
    CASE
        WHEN is_real THEN NULL
        WHEN is_copy THEN TIMESTAMP 'infinity'
        WHEN copy_until IS NULL OR night < today THEN copy_until
        -- Its original is gone: it goes soon, too, or counts by itself.
        WHEN least(copy_until, $now + $grace) > $now THEN least(copy_until, $now + $grace)
    END AS copy_until
FROM by_night
JOIN batch USING (listing);

-- What of each booking counts by itself.
CREATE OR REPLACE TEMP TABLE settled AS
WITH parts AS (
    SELECT
        listing, connection, key, closures.kind,
        min(night) AS first_night,
        min(night) FILTER (copy_until IS NULL) AS rest_from,
        max(night) FILTER (copy_until IS NULL) AS rest_to,
        count(*) FILTER (copy_until IS NULL) AS rest,
        min(night) FILTER (copy_until IS NOT NULL) - min(night) AS before,
        max(night) - max(night) FILTER (copy_until IS NOT NULL) AS behind,
        -- What a channel closed at another time than the copy has nothing to do with it.
        min(since) = max(since) AS at_once
    FROM closures
    JOIN judged USING (listing, connection, night)
    GROUP BY listing, connection, key, closures.kind
    HAVING bool_or(copy_until IS NOT NULL)
)
SELECT
    listing, connection, key,
    rest = 0 OR (
        kind = 'block' AND at_once AND rest = before + behind AND greatest(before, behind) <= $preparation
    ) AS is_copy,
    CASE WHEN rest_from > first_night THEN rest_from END AS check_in,
    rest_to + 1 AS check_out,
    CASE WHEN at_once THEN 'block' ELSE kind END AS kind
FROM parts;

CREATE OR REPLACE TEMP TABLE copied AS
SELECT DISTINCT
    listing, connection, closures.key, party, originals.never_timed, closures.kind, original_kind,
    min(night) OVER pair AS first_night, max(night) OVER pair AS last_night
FROM closures
JOIN judged USING (listing, connection, night)
JOIN originals USING (listing, connection, night)
WHERE judged.copy_until IS NOT NULL AND explains
WINDOW pair AS (PARTITION BY listing, connection, closures.key, party);

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
SELECT listing, connection, night, since, copy_until, NULL::TIMESTAMP AS gone, $run_id AS run_id
FROM judged
UNION ALL BY NAME
SELECT closed_nights.* REPLACE (coalesce(gone, $now::TIMESTAMP) AS gone)
FROM closed_nights
SEMI JOIN batch USING (listing)
ANTI JOIN judged USING (listing, connection, night)
WHERE coalesce(gone, $now::TIMESTAMP) + $returns > $now AND night >= $since;

DELETE FROM closed_nights USING batch WHERE closed_nights.listing = batch.listing;
INSERT INTO closed_nights BY NAME FROM kept_nights;

-- The copies hold nothing; of the others, what is left.
CREATE OR REPLACE TEMP TABLE weighed AS
SELECT
    members.* REPLACE (
        coalesce(settled.check_in, members.check_in) AS check_in,
        CASE WHEN settled.is_copy THEN members.check_out ELSE coalesce(settled.check_out, members.check_out) END AS check_out,
        CASE WHEN settled.is_copy THEN members.kind ELSE coalesce(settled.kind, members.kind) END AS kind
    ),
    NOT coalesce(settled.is_copy, false) AS active
FROM members
LEFT JOIN settled USING (listing, connection, key);
