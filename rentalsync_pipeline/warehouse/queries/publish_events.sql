-- The last form of every event that these feeds ever carried, and of those that they will carry for the first time the
-- last in the feed of another listing: a stay that has moved goes on counting. In: batch (listing, since), $now.
WITH known AS (
    SELECT *, until IS NULL AS carried
    FROM feed_events
    SEMI JOIN batch USING (listing)
    QUALIFY row_number() OVER (PARTITION BY listing, audience, uid ORDER BY last_modified DESC, sequence DESC) = 1
),
elsewhere AS (
    SELECT feed_events.* REPLACE (batch.listing AS listing), false AS carried
    FROM batch
    JOIN kin USING (listing)
    JOIN stays ON stays.listing = kin.relative AND stays.active AND stays.check_out >= since
    JOIN feed_events ON uid = stay AND feed_events.listing <> batch.listing AND last_modified < $now
    ANTI JOIN known ON known.listing = batch.listing AND known.audience = feed_events.audience AND known.uid = stay
    QUALIFY row_number() OVER (PARTITION BY batch.listing, audience, uid ORDER BY sequence DESC, last_modified DESC) = 1
)
SELECT listing, audience, uid, check_in, check_out, summary, description, color, form, sequence, last_modified, carried
FROM (FROM known UNION ALL BY NAME FROM elsewhere);
