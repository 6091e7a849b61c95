-- Makes `after`, the new form of every booking that is not as it was.
-- In: answers, incoming, standing, gone, fates (connection, key, listing, state, misses, missing_since, cause).

-- Each delivered record beside what stood. A start that was only clipped to about today is kept: the
-- channel says nothing about the nights before (Airbnb clips to two days ago, Booking.com to today).
CREATE OR REPLACE TEMP TABLE met AS
WITH clipped AS (
    SELECT
        incoming.* REPLACE (
            CASE
                WHEN standing.check_in < incoming.check_in AND incoming.check_in <= answers.today
                THEN standing.check_in ELSE incoming.check_in
            END AS check_in
        ),
        answers.asked,
        answers.fetch_id,
        standing.state AS old_state,
        standing.hash AS old_hash,
        standing.source AS old_source,
        coalesce(standing.first_seen, answers.asked) AS first_seen,
        standing.stay
    FROM incoming
    JOIN answers USING (connection)
    LEFT JOIN standing
        ON standing.connection = incoming.connection
       AND standing.key = incoming.key
       AND standing.listing IS NOT DISTINCT FROM incoming.listing
)
SELECT
    *,
    CASE WHEN status = 'cancelled' THEN 'cancelled' ELSE 'present' END AS state,
    content_hash(kind, status, check_in, check_out, code, origin, guest_name, phone_last4, guests, url, notes, extras)
        AS hash
FROM clipped;

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
    gone.* EXCLUDE (asked, today, answer, same_source, unreadable)
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
