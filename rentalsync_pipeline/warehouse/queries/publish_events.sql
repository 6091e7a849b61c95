-- The last form of every event that these feeds ever carried. In: batch (listing, since).
SELECT listing, audience, uid, check_in, check_out, summary, description, color, form, sequence, last_modified,
       until IS NULL AS carried
FROM feed_events
SEMI JOIN batch USING (listing)
QUALIFY row_number() OVER (PARTITION BY listing, audience, uid ORDER BY last_modified DESC, sequence DESC) = 1;
