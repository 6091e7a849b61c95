-- Makes `after`, the new form of every booking that is not as it was.
-- In: met, apart, rejoined, standing, gone, fates (connection, key, listing, state, misses, missing_since, cause).
CREATE OR REPLACE TEMP TABLE after AS
SELECT
    connection, key, part_of, listing, channel, source, upstream_listing, kind, status, check_in, check_out,
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
    apart.* EXCLUDE (asked, answer, first_miss)
    REPLACE (
        NULL AS uid,
        content_hash(
            apart.kind, apart.status, apart.check_in, apart.check_out, apart.code, apart.origin, apart.guest_name,
            apart.phone_last4, apart.guests, apart.url, apart.notes, apart.extras
        ) AS hash,
        'missing' AS state,
        NULL AS cause,
        first_miss AS misses,
        CASE WHEN first_miss = 1 THEN apart.asked END AS missing_since,
        coalesce(former.first_seen, apart.asked) AS first_seen,
        former.stay AS stay,
        apart.asked AS valid_from,
        apart.answer AS fetch_id,
        $run_id AS run_id
    )
FROM apart
LEFT JOIN standing AS former
    ON former.connection = apart.connection
   AND former.key = apart.key
   AND former.listing IS NOT DISTINCT FROM apart.listing
-- What a quarantined answer adds may wait already.
WHERE first_miss = 1 OR former.state IS NULL OR former.state NOT IN ('missing', 'orphaned', 'completed')
UNION ALL BY NAME
SELECT
    rejoined.* EXCLUDE (asked, answer)
    REPLACE (
        'released' AS state, 'moved_away' AS cause, asked AS valid_from, answer AS fetch_id, $run_id AS run_id
    )
FROM rejoined
ANTI JOIN apart USING (connection, key)
UNION ALL BY NAME
SELECT
    gone.* EXCLUDE (asked, today, answer, same_source, unreadable, behind_tail, said_cancelled)
    REPLACE (
        fates.state AS state, fates.cause AS cause, fates.misses AS misses, fates.missing_since AS missing_since,
        gone.asked AS valid_from, gone.answer AS fetch_id, $run_id AS run_id
    )
FROM gone
JOIN fates
    ON fates.connection = gone.connection
   AND fates.key = gone.key
   AND fates.listing IS NOT DISTINCT FROM gone.listing
ANTI JOIN apart ON apart.connection = gone.connection AND apart.key = gone.key
ANTI JOIN rejoined ON rejoined.connection = gone.connection AND rejoined.key = gone.key
WHERE fates.state <> gone.state OR fates.misses <> gone.misses;
