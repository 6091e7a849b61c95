-- The events that each of these versions carried, in the order in which it showed them.
-- In: stood (name, listing, audience, rendered).
SELECT stood.name, uid, check_in, check_out, summary, description, color, sequence, last_modified
FROM stood
JOIN feed_events
    ON feed_events.listing = stood.listing
   AND feed_events.audience = stood.audience
   AND last_modified <= rendered AND (until IS NULL OR until > rendered)
ORDER BY stood.name, check_in, check_out, uid;
