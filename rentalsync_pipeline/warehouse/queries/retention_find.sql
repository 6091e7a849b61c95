-- Where guests are still named whose stays ended before $before. The words of an event that a feed may carry
-- still (it ended after $shown) stay until the feed has been rendered without them.
-- Out: past_bookings, past_versions, past_stays, past_events (row ids); the counts.
CREATE OR REPLACE TEMP TABLE past_bookings AS
SELECT rowid AS id
FROM bookings
WHERE check_out < $before AND coalesce(guest_name, phone_last4, url, notes, extras) IS NOT NULL;

-- A version is as old as the booking that it became.
CREATE OR REPLACE TEMP TABLE past_versions AS
SELECT v.rowid AS id
FROM booking_versions AS v
LEFT JOIN bookings AS b
    ON b.connection = v.connection AND b.key = v.key AND b.listing IS NOT DISTINCT FROM v.listing
WHERE coalesce(b.check_out, v.check_out) < $before
  AND coalesce(v.guest_name, v.phone_last4, v.url, v.notes, v.extras) IS NOT NULL;

CREATE OR REPLACE TEMP TABLE past_stays AS
SELECT rowid AS id
FROM stays
WHERE check_out < $before AND coalesce(guest_name, phone_last4, url, notes, extras) IS NOT NULL;

CREATE OR REPLACE TEMP TABLE past_events AS
SELECT e.rowid AS id
FROM feed_events AS e
LEFT JOIN stays AS s ON s.stay = e.uid
WHERE audience = $owner
  AND coalesce(s.check_out, e.check_out) < $before
  AND (until IS NOT NULL OR e.check_out < $shown)
  AND (summary <> '' OR description <> '');

SELECT
    (SELECT count(*) FROM past_bookings) AS bookings,
    (SELECT count(*) FROM past_versions) AS versions,
    (SELECT count(*) FROM past_stays) AS stays,
    (SELECT count(*) FROM past_events) AS events;
