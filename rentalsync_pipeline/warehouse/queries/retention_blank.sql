-- Forgets the guests that retention_find found. Nights, kinds, keys, codes, hashes, UIDs and SEQUENCEs stay, so
-- that an answer that says the same again is no news. Feeds that show such a stay still are rendered anew.
INSERT INTO work
SELECT DISTINCT 'feeds', listing, $run_id
FROM stays
WHERE rowid IN (SELECT id FROM past_stays) AND check_out >= $shown;

UPDATE bookings
SET guest_name = NULL, phone_last4 = NULL, url = NULL, notes = NULL, extras = NULL
WHERE rowid IN (SELECT id FROM past_bookings);

UPDATE booking_versions
SET guest_name = NULL, phone_last4 = NULL, url = NULL, notes = NULL, extras = NULL
WHERE rowid IN (SELECT id FROM past_versions);

UPDATE stays
SET guest_name = NULL, phone_last4 = NULL, url = NULL, notes = NULL, extras = NULL
WHERE rowid IN (SELECT id FROM past_stays);

UPDATE feed_events
SET summary = '', description = ''
WHERE rowid IN (SELECT id FROM past_events);

-- The standing snapshot names them, too: the next one is due at once.
DELETE FROM snapshots;
