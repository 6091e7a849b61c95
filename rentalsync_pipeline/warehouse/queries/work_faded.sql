-- Feeds from which a stay drops out by time alone. In: edges (listing, since).
INSERT INTO work
SELECT DISTINCT 'feeds', feed_events.listing, $run_id
FROM feed_events
JOIN edges USING (listing)
WHERE until IS NULL AND check_out < edges.since;
