-- Whether a night may have been closed because somebody else holds it: the time test of core.matching.
-- In: members, inherited, closed, closures, sold, parties, first_answers, imports (connection, mode, sources),
--     earliest (channel, seconds), $now, $grace (interval).
-- Out: originals (a closed night and somebody else who holds it each; `explains` tells whether it may be a copy).

-- What people said of two stays.
CREATE OR REPLACE TEMP TABLE said AS
SELECT DISTINCT closures.listing, connection, night, CASE stay WHEN stay_a THEN stay_b ELSE stay_a END AS stay, verdict
FROM conflicts
JOIN closures ON closures.listing IN (conflicts.listing, other_listing) AND stay IN (stay_a, stay_b)
WHERE verdict IS NOT NULL;

-- Since when each destination could have taken each night from a feed of ours. What a feed no longer carried when
-- the night was closed explains nothing, unless the import was under way.
CREATE OR REPLACE TEMP TABLE offered AS
WITH known AS (
    SELECT party, stay FROM inherited
    UNION
    SELECT party, stay_sources.stay
    FROM members
    JOIN stay_sources USING (listing, connection, key)
    WHERE stay_sources.rule = 'distinct'
)
SELECT closed.listing, closed.connection, night, party, min(last_modified) AS published
FROM closed
JOIN parties USING (listing)
JOIN known USING (party)
JOIN feed_events
    ON feed_events.listing = closed.listing AND feed_events.uid = known.stay
   AND feed_events.check_in <= night AND night < feed_events.check_out
   AND feed_events.audience IN ('busy', 'for-' || closed.channel)
   AND coalesce(until + $grace > closed.since, true)
GROUP BY ALL;

-- Every night that somebody else holds, too, and whether this one may have been closed because of that.
CREATE OR REPLACE TEMP TABLE originals AS
WITH pairs AS (
    SELECT
        closed.*, sold.party, inherited.stay, sold.kind AS original_kind, published, said.verdict,
        other.listing AS other_listing, other.connection AS other_connection,
        closed.untimed OR (sold.stay IS NULL AND sold.valid_from <= asked) AS never_timed,
        -- Of two closures that nobody knows the order of, the one that may be a guest is the original.
        other.night IS NULL
            OR (other.since, other.kind = 'block', other.connection)
             < (closed.since, closed.kind = 'block', closed.connection) AS comes_first,
        -- What somebody closed just now may be preparation, too, which the next sync knows.
        coalesce(other.since = $now::TIMESTAMP, false) AS is_new,
        coalesce(mode, 'auto') AS mode,
        list_contains(sources, sold.connection) AND sold.valid_from < closed.since AS was_listed,
        published + to_seconds(CASE WHEN mode = 'ours' THEN 0 ELSE coalesce(seconds, 0) END) < closed.since AS was_published
    FROM closed
    JOIN sold
        ON sold.listing = closed.listing AND sold.connection <> closed.connection
       AND sold.kind <> 'horizon' AND sold.check_in <= closed.night AND closed.night < sold.check_out
    JOIN parties ON parties.listing = sold.listing AND parties.party = sold.party
    LEFT JOIN inherited ON inherited.party = sold.party
    LEFT JOIN first_answers ON first_answers.connection = sold.connection
    LEFT JOIN imports ON imports.connection = closed.connection
    LEFT JOIN earliest ON earliest.channel = closed.channel
    LEFT JOIN offered
        ON offered.listing = closed.listing AND offered.connection = closed.connection
       AND offered.night = closed.night AND offered.party = sold.party
    -- The original may be a closure itself, as long as it isn't a copy, or preparation beside one.
    LEFT JOIN closed AS other
        ON other.listing = sold.home AND other.connection = sold.connection AND other.night = closed.night
       AND sold.rule = 'distinct' AND sold.kind IN ('block', 'unknown')
    LEFT JOIN said
        ON said.listing = closed.listing AND said.connection = closed.connection
       AND said.night = closed.night AND said.stay = inherited.stay
    WHERE other.copy_until IS NULL AND NOT coalesce(other.preparation, false)
      AND (NOT list_contains(parties.channels, closed.channel) OR list_contains(sources, sold.connection))
)
SELECT
    * EXCLUDE (was_listed, was_published, comes_first, is_new),
    CASE
        WHEN verdict IS NOT NULL THEN verdict = 'echo'
        WHEN mode = 'nothing' THEN false
        WHEN never_timed AND comes_first THEN true
        WHEN copy_until IS NOT NULL OR (preparation AND NOT is_new) THEN true
        WHEN mode = 'listed' THEN was_listed
        ELSE was_published
    END AS explains
FROM pairs;
