-- Holds the answers of this round against what stands.
-- In: answers (connection, fetch_id, verdict, asked, today, source, partial, …), incoming (bookings as
--     read), unreadable (connection, uid), absent (connection, uid, is_cancelled), rulings (connection, upstream_listing,
--     verdict, is_proven, …).
-- Out: standing (what the answers can change), gate (what was ruled about each listing of a connection),
--     fresh (new records), gone (absent ones).

CREATE OR REPLACE TEMP TABLE standing AS
SELECT bookings.*
FROM bookings
JOIN answers USING (connection)
WHERE answers.verdict <> 'unchanged' OR bookings.state = 'missing';

-- A ruling about a whole account, which names no listing, is about each of them.
CREATE OR REPLACE TEMP TABLE gate AS
SELECT
    parts.connection, parts.upstream_listing,
    bool_or(rulings.verdict = 'quarantined') AS is_doubted,
    bool_or(rulings.is_proven) AS is_proven
FROM (
    SELECT connection, upstream_listing FROM incoming UNION SELECT connection, upstream_listing FROM standing
) AS parts
JOIN rulings
    ON rulings.connection = parts.connection
   AND coalesce(rulings.upstream_listing, parts.upstream_listing) = parts.upstream_listing
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE fresh AS
SELECT incoming.*
FROM incoming
WHERE NOT EXISTS (
    SELECT 1 FROM standing
    WHERE standing.connection = incoming.connection
      AND standing.key = incoming.key
      AND standing.listing IS NOT DISTINCT FROM incoming.listing
);

-- What a partial answer says anything of: the records that it holds, each whole, and those that it calls absent.
CREATE OR REPLACE TEMP TABLE covered AS
WITH spoken_of AS (
    SELECT connection, uid, false AS is_cancelled FROM incoming UNION FROM absent
)
SELECT standing.connection, standing.key, bool_or(spoken_of.is_cancelled) AS said_cancelled
FROM standing
SEMI JOIN (FROM answers WHERE partial) AS answers USING (connection)
LEFT JOIN standing AS whole
    ON whole.connection = standing.connection
   AND whole.key = standing.part_of
   AND whole.listing IS NOT DISTINCT FROM standing.listing
JOIN spoken_of
    ON spoken_of.connection = standing.connection AND spoken_of.uid = coalesce(standing.uid, whole.uid)
GROUP BY standing.connection, standing.key;

-- An unchanged answer says again what is missing; it says nothing new of what is present; a doubted one says
-- nothing of either. An orphan counts again once its connection is back at its listing.
CREATE OR REPLACE TEMP TABLE gone AS
SELECT
    standing.*,
    answers.asked,
    answers.today,
    answers.fetch_id AS answer,
    standing.source = answers.source AS same_source,
    coalesce(covered.said_cancelled, false) AS said_cancelled,
    EXISTS (
        SELECT 1 FROM unreadable
        WHERE unreadable.connection = standing.connection
          -- One without a UID may be any of those that had none.
          AND standing.part_of IS NULL AND unreadable.uid IS NOT DISTINCT FROM standing.uid
    ) AS unreadable,
    EXISTS (
        SELECT 1 FROM incoming AS tail
        WHERE tail.connection = standing.connection
          AND tail.listing IS NOT DISTINCT FROM standing.listing
          AND tail.kind = 'horizon'
          AND tail.check_in < standing.check_out AND standing.check_in < tail.check_out
    ) AS behind_tail
FROM standing
JOIN answers USING (connection)
LEFT JOIN covered ON covered.connection = standing.connection AND covered.key = standing.key
ANTI JOIN (FROM gate WHERE is_doubted) AS doubted USING (connection, upstream_listing)
WHERE (NOT answers.partial OR covered.key IS NOT NULL)
AND (
    standing.state = 'missing'
    OR (answers.verdict = 'accepted' AND (
        standing.state = 'present'
        OR (standing.state = 'orphaned' AND EXISTS (
            SELECT 1 FROM known_connections AS c
            WHERE c.connection = standing.connection
              AND c.upstream_listing = standing.upstream_listing
              AND c.listing = standing.listing
        ))
    ))
)
AND NOT EXISTS (
    SELECT 1 FROM incoming
    WHERE incoming.connection = standing.connection
      AND incoming.key = standing.key
      AND incoming.listing IS NOT DISTINCT FROM standing.listing
);
