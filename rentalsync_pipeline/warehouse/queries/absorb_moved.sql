-- A stay goes with its booking to another listing: the record there takes over its name. What waits at the listing that
-- it left gets a name of its own, or that of the one who returns there.
-- In: after, met, gone, standing. Out: after, with those names.
CREATE OR REPLACE TEMP TABLE moved AS
WITH leaving AS (
    SELECT connection, uid, key, upstream_listing, listing, stay, row_number() OVER same AS nth
    FROM gone
    WHERE stay IS NOT NULL AND part_of IS NULL AND same_source AND NOT unreadable
      -- What waits already has nothing to hand over, as long as its record is somewhere.
      AND (state = 'present' OR (connection, uid) NOT IN (SELECT (connection, uid) FROM standing WHERE state = 'present'))
    WINDOW same AS (PARTITION BY connection, uid ORDER BY key, listing)
),
arriving AS (
    SELECT connection, uid, key, upstream_listing, listing, stay, row_number() OVER same AS nth
    FROM met
    WHERE state = 'present' AND old_state IS DISTINCT FROM 'present'
    WINDOW same AS (PARTITION BY connection, uid ORDER BY key, listing)
),
-- Of a record with several rooms the one with the same id, where ids outlive the room, else the one in the same place.
pairs AS (
    SELECT
        connection, uid, leaving.stay, leaving.nth AS from_nth, arriving.nth, arriving.key, arriving.listing,
        arriving.stay AS former,
        (leaving.key <> arriving.key, abs(leaving.nth - arriving.nth)) AS distance
    FROM leaving
    JOIN arriving USING (connection, uid)
    -- What its host maps to another listing has not moved.
    WHERE leaving.upstream_listing <> arriving.upstream_listing
)
SELECT connection, stay, key, listing, former
FROM pairs
QUALIFY row_number() OVER (PARTITION BY connection, uid, from_nth ORDER BY distance, nth) = 1
    AND row_number() OVER (PARTITION BY connection, uid, nth ORDER BY distance, from_nth) = 1;

UPDATE bookings SET stay = moved.former
FROM moved
WHERE bookings.stay = moved.stay AND bookings.connection <> moved.connection;

UPDATE after SET stay = moved.former FROM moved WHERE after.stay = moved.stay;

UPDATE after SET stay = moved.stay
FROM moved
WHERE after.connection = moved.connection
  AND after.key = moved.key
  AND after.listing IS NOT DISTINCT FROM moved.listing;
