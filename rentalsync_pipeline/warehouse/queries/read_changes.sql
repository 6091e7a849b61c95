-- What each version of a feed since $since turned busy or free: of the events that it began to carry the nights that
-- the version before had free, of those that it carries no more the nights that it has free. Of $listings, or of all.
WITH touched AS (
    SELECT listing, audience, uid, check_in, check_out, last_modified AS changed, true AS busy
    FROM feed_events
    WHERE last_modified >= $since AND ($listings IS NULL OR listing IN (SELECT unnest($listings::VARCHAR[])))
    UNION ALL
    SELECT listing, audience, uid, check_in, check_out, until AS changed, false AS busy
    FROM feed_events
    WHERE until >= $since AND ($listings IS NULL OR listing IN (SELECT unnest($listings::VARCHAR[])))
),
-- What holds the same nights on the other side of the change, and behind it all an event without a night.
beside AS (
    SELECT touched.*, other.check_in AS held_from, other.check_out AS held_to
    FROM touched
    JOIN feed_events AS other
        ON other.listing = touched.listing AND other.audience = touched.audience
       AND other.check_in < touched.check_out AND touched.check_in < other.check_out
       AND CASE
           WHEN busy THEN other.last_modified < changed AND coalesce(other.until >= changed, true)
           ELSE other.last_modified <= changed AND coalesce(other.until > changed, true)
       END
    UNION ALL
    SELECT *, check_out, check_out FROM touched
),
turned AS (
    SELECT
        * EXCLUDE (held_from, held_to),
        greatest(check_in, coalesce(max(held_to) OVER before, check_in)) AS first_night,
        least(held_from, check_out) AS beyond
    FROM beside
    WINDOW before AS (
        PARTITION BY listing, audience, uid, check_in, check_out, changed, busy
        ORDER BY held_from, held_to
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),
-- Why each booking ceased to hold its nights, and the run that saw it.
ends AS (
    SELECT stay, cause, as_of
    FROM (
        SELECT stay, cause, run_id FROM bookings WHERE cause IS NOT NULL
        UNION ALL
        SELECT stay, cause, run_id FROM booking_versions WHERE cause IS NOT NULL
    )
    JOIN runs USING (run_id)
)
SELECT
    turned.listing, turned.audience, first_night, beyond - 1 AS last_night, turned.busy, turned.changed,
    turned.uid AS stay, stays.channel, stays.kind,
    CASE
        WHEN EXISTS (
            FROM rollbacks
            WHERE rollbacks.listing = turned.listing AND rollbacks.audience = turned.audience
              AND turned.changed IN (rollbacks.since, rollbacks.ended)
        ) THEN 'rolled_back'
        WHEN EXISTS (
            FROM touched AS same
            WHERE same.listing = turned.listing AND same.audience = turned.audience AND same.uid = turned.uid
              AND same.changed = turned.changed AND same.busy <> turned.busy
        ) THEN 'moved'
        WHEN NOT busy THEN coalesce(
            (SELECT arg_max(cause, as_of) FROM ends WHERE ends.stay = turned.uid AND as_of <= turned.changed), 'not_shown'
        )
        WHEN EXISTS (
            FROM feed_events AS earlier
            WHERE earlier.listing = turned.listing AND earlier.audience = turned.audience AND earlier.uid = turned.uid
              AND earlier.last_modified < turned.changed
        ) THEN 'back'
        ELSE 'new'
    END AS cause,
    (SELECT max(run_id) FROM runs WHERE as_of = turned.changed) AS run_id
FROM turned
LEFT JOIN stays ON stays.stay = turned.uid
WHERE first_night < beyond AND beyond >= turned.changed::DATE
ORDER BY turned.changed DESC, turned.listing, first_night, turned.uid, turned.busy, turned.audience;
