-- What the answers of this round say, record by record. In: answers, incoming, standing, gate.
-- Out: told (all), met (what counts).

-- Each delivered record beside what stood.
CREATE OR REPLACE TEMP TABLE told AS
WITH paired AS (
    SELECT
        incoming.*,
        answers.asked,
        answers.today,
        answers.fetch_id,
        CASE WHEN gate.is_doubted THEN 'quarantined' ELSE answers.verdict END AS verdict,
        answers.at_once OR coalesce(gate.is_proven, false) AS at_once,
        standing.kind AS old_kind,
        standing.check_in AS old_in,
        standing.check_out AS old_out,
        standing.state AS old_state,
        standing.hash AS old_hash,
        standing.source AS old_source,
        coalesce(standing.first_seen, answers.asked) AS first_seen,
        standing.stay,
        standing.part_of,
        incoming.kind = 'horizon' AND standing.kind <> 'horizon'
            AND standing.state IN ('present', 'missing', 'orphaned', 'completed')
            AND standing.check_in < incoming.check_out AND incoming.check_in < standing.check_out AS swallowed
    FROM incoming
    JOIN answers USING (connection)
    LEFT JOIN gate USING (connection, upstream_listing)
    LEFT JOIN standing
        ON standing.connection = incoming.connection
       AND standing.key = incoming.key
       AND standing.listing IS NOT DISTINCT FROM incoming.listing
),
dated AS (
    SELECT * EXCLUDE (old_kind, old_in, old_out, swallowed) REPLACE (
        -- What the tail has swallowed keeps those of its nights that the tail covers. A start that was only
        -- clipped to about today is kept: the channel says nothing about the nights before (Airbnb clips to
        -- two days ago, Booking.com to today).
        CASE WHEN swallowed THEN old_kind ELSE kind END AS kind,
        CASE
            WHEN swallowed THEN greatest(old_in, check_in)
            WHEN old_in < check_in AND check_in <= today THEN old_in
            ELSE check_in
        END AS check_in,
        CASE WHEN swallowed THEN least(old_out, check_out) ELSE check_out END AS check_out
    )
    FROM paired
)
SELECT
    *,
    CASE WHEN status = 'cancelled' THEN 'cancelled' ELSE 'present' END AS state,
    content_hash(kind, status, check_in, check_out, code, origin, guest_name, phone_last4, guests, url, notes, extras)
        AS hash
FROM dated;

-- A doubted answer may add, but not take: it touches nothing that stands.
CREATE OR REPLACE TEMP TABLE met AS
FROM told
WHERE verdict = 'accepted'
   OR (
       state = 'present' AND kind <> 'horizon'
       AND (old_state IS NULL OR old_state NOT IN ('present', 'missing', 'orphaned', 'completed'))
   );
