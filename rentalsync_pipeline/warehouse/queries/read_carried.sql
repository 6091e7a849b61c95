-- The nights that a feed showed at a moment; without one, those that it shows now.
SELECT check_in, check_out
FROM feed_events
WHERE listing = $listing AND audience = $audience
  AND CASE WHEN $moment IS NULL THEN until IS NULL ELSE last_modified <= $moment AND (until IS NULL OR until > $moment) END;
