-- Remembers what these feeds carry from now on, before any file is written: a killed sync renders the same again.
-- In: written_events (listing, audience, uid, …), ended_events (listing, audience, uid), versions, $now.
UPDATE feed_events SET until = $now
FROM ended_events
WHERE feed_events.until IS NULL
  AND feed_events.listing = ended_events.listing
  AND feed_events.audience = ended_events.audience
  AND feed_events.uid = ended_events.uid;

INSERT INTO feed_events
SELECT listing, audience, uid, check_in, check_out, summary, description, color, form, sequence, last_modified, NULL, $run_id
FROM written_events;

INSERT INTO feed_versions
SELECT listing, audience, name, sha256, events, bytes, $now, NULL, NULL, false, $run_id FROM versions;
