-- A record that was linked to its successor stands under the new id from now on.
-- In: links (connection, listing, old_key, new_key), fresh.
CREATE OR REPLACE TEMP TABLE successions AS
SELECT links.*, fresh.uid AS new_uid
FROM links
JOIN fresh
    ON fresh.connection = links.connection
   AND fresh.key = links.new_key
   AND fresh.listing IS NOT DISTINCT FROM links.listing;

UPDATE bookings
SET key = successions.new_key, uid = successions.new_uid
FROM successions
WHERE bookings.connection = successions.connection
  AND bookings.listing IS NOT DISTINCT FROM successions.listing
  AND bookings.key = successions.old_key;

UPDATE bookings
SET part_of = successions.new_key
FROM successions
WHERE bookings.connection = successions.connection
  AND bookings.listing IS NOT DISTINCT FROM successions.listing
  AND bookings.part_of = successions.old_key;

UPDATE stay_sources
SET key = successions.new_key
FROM successions
WHERE stay_sources.connection = successions.connection
  AND stay_sources.listing IS NOT DISTINCT FROM successions.listing
  AND stay_sources.key = successions.old_key;
