-- Makes `after`, the new form of every booking that is not as it was.
-- In: answers, incoming, standing, gone, fates (connection, key, listing, state, misses, missing_since, cause).

-- Each delivered record beside what stood.
CREATE OR REPLACE TEMP TABLE met AS
WITH paired AS (
    SELECT
        incoming.*,
        answers.asked,
        answers.today,
        answers.fetch_id,
        standing.kind AS old_kind,
        standing.check_in AS old_in,
        standing.check_out AS old_out,
        standing.state AS old_state,
        standing.hash AS old_hash,
        standing.source AS old_source,
        coalesce(standing.first_seen, answers.asked) AS first_seen,
        standing.stay,
        incoming.kind = 'horizon' AND standing.kind <> 'horizon' AND standing.state = 'present'
            AND standing.check_in < incoming.check_out AND incoming.check_in < standing.check_out AS swallowed
    FROM incoming
    JOIN answers USING (connection)
    LEFT JOIN standing
        ON standing.connection = incoming.connection
       AND standing.key = incoming.key
       AND standing.listing IS NOT DISTINCT FROM incoming.listing
),
dated AS (
    SELECT * EXCLUDE (old_kind, old_in, old_out, today, swallowed) REPLACE (
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

CREATE OR REPLACE TEMP TABLE after AS
SELECT
    connection, key, listing, channel, source, upstream_listing, kind, status, check_in, check_out,
    uid, code, origin, own, guest_name, phone_last4, guests, url, notes, extras, hash, state,
    CASE WHEN state = 'cancelled' THEN 'said_cancelled' END AS cause,
    0 AS misses,
    NULL::TIMESTAMP AS missing_since,
    first_seen, stay,
    asked AS valid_from,
    fetch_id,
    $run_id AS run_id
FROM met
WHERE old_state IS DISTINCT FROM state OR old_hash IS DISTINCT FROM hash OR old_source IS DISTINCT FROM source
UNION ALL BY NAME
SELECT
    gone.* EXCLUDE (asked, today, answer, same_source, unreadable, behind_tail)
    REPLACE (
        fates.state AS state, fates.cause AS cause, fates.misses AS misses, fates.missing_since AS missing_since,
        gone.asked AS valid_from, gone.answer AS fetch_id, $run_id AS run_id
    )
FROM gone
JOIN fates
    ON fates.connection = gone.connection
   AND fates.key = gone.key
   AND fates.listing IS NOT DISTINCT FROM gone.listing
WHERE fates.state <> gone.state OR fates.misses <> gone.misses;
