-- The feeds that are rolled back, each with the events that it showed then. In: batch (listing, since).
SELECT rollbacks.listing, rollbacks.audience, let_go, uid, check_in, check_out, summary, description, color,
       sequence, last_modified
FROM rollbacks
JOIN batch USING (listing)
LEFT JOIN feed_events
    ON feed_events.listing = rollbacks.listing AND feed_events.audience = rollbacks.audience
   AND last_modified <= moment AND (until IS NULL OR until > moment)
   AND check_out >= batch.since
WHERE ended IS NULL
ORDER BY rollbacks.listing, rollbacks.audience, check_in, check_out, uid;
