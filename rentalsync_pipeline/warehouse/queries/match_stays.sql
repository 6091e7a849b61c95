-- Makes stays of the groups and puts them in the place of what was known.
-- In: batch, weighed, copied, parties, echoes, inherited, named (listing, party, stay), $now, $since.
-- Out: the tables stays and stay_sources; work for publishing.

CREATE OR REPLACE TEMP TABLE identified AS
SELECT weighed.* EXCLUDE (stay), coalesce(inherited.stay, named.stay) AS stay
FROM weighed
LEFT JOIN inherited USING (listing, party)
LEFT JOIN named USING (listing, party);

CREATE OR REPLACE TEMP TABLE merged AS
SELECT
    stay,
    any_value(listing) AS listing,
    bool_or(active) AS active,
    CASE WHEN bool_or(kind = 'reservation') THEN 'reservation' ELSE arg_min(kind, rank) END AS kind,
    arg_min(status, rank) AS status,
    -- Sources that disagree hold the nights of all of them.
    min(check_in) AS check_in,
    max(check_out) AS check_out,
    arg_min(seller, rank) AS channel,
    list_sort(list_distinct(flatten([list(channel), list(seller)]))) AS channels,
    list_sort(list(DISTINCT connection)) AS connections,
    arg_min(code, rank) FILTER (code IS NOT NULL) AS code,
    arg_min(guest_name, rank) FILTER (guest_name IS NOT NULL) AS guest_name,
    arg_min(phone_last4, rank) FILTER (phone_last4 IS NOT NULL) AS phone_last4,
    arg_min(guests, rank) FILTER (guests IS NOT NULL) AS guests,
    arg_min(url, rank) FILTER (url IS NOT NULL) AS url,
    arg_min(notes, rank) FILTER (notes IS NOT NULL) AS notes,
    arg_min(extras, rank) FILTER (extras IS NOT NULL) AS extras,
    min(first_seen) AS first_seen
FROM identified
GROUP BY stay;

-- The truth before and after, row by row: what is equal is left alone.
CREATE OR REPLACE TEMP TABLE altered AS
SELECT
    merged.* REPLACE (coalesce(known.first_seen, merged.first_seen) AS first_seen),
    $now::TIMESTAMP AS changed, $run_id AS run_id
FROM merged
LEFT JOIN stays AS known USING (stay)
WHERE (merged.listing, merged.active, merged.kind, merged.status, merged.check_in, merged.check_out,
       merged.channel, merged.channels, merged.connections, merged.code, merged.guest_name, merged.phone_last4, merged.guests,
       merged.url, merged.notes, merged.extras)
  IS DISTINCT FROM
      (known.listing, known.active, known.kind, known.status, known.check_in, known.check_out,
       known.channel, known.channels, known.connections, known.code, known.guest_name, known.phone_last4, known.guests,
       known.url, known.notes, known.extras)
UNION ALL BY NAME
SELECT stays.* REPLACE (false AS active, $now::TIMESTAMP AS changed, $run_id AS run_id)
FROM stays
SEMI JOIN batch USING (listing)
ANTI JOIN merged USING (stay)
WHERE active AND check_out >= $since;

INSERT INTO work
SELECT DISTINCT 'feeds', kin.listing, $run_id
FROM (
    SELECT listing, kind FROM altered
    UNION ALL
    SELECT listing, kind FROM stays SEMI JOIN altered USING (stay) WHERE active
) AS touched
JOIN kin ON kin.relative = touched.listing
WHERE kind <> 'horizon';

DELETE FROM stays USING altered WHERE altered.stay = stays.stay;
INSERT INTO stays BY NAME FROM altered;

UPDATE bookings SET stay = identified.stay
FROM identified
WHERE identified.part = 1
  AND bookings.connection = identified.connection
  AND bookings.key = identified.key
  AND bookings.listing = identified.listing
  AND bookings.stay IS DISTINCT FROM identified.stay;

-- Which booking gave which field: the best ranked one that has it.
CREATE OR REPLACE TEMP TABLE sources AS
WITH givers AS (
    SELECT
        *,
        min(rank) FILTER (code IS NOT NULL) OVER same AS code_by,
        min(rank) FILTER (guest_name IS NOT NULL) OVER same AS guest_name_by,
        min(rank) FILTER (phone_last4 IS NOT NULL) OVER same AS phone_last4_by,
        min(rank) FILTER (guests IS NOT NULL) OVER same AS guests_by,
        min(rank) FILTER (url IS NOT NULL) OVER same AS url_by,
        min(rank) FILTER (notes IS NOT NULL) OVER same AS notes_by,
        min(rank) FILTER (extras IS NOT NULL) OVER same AS extras_by
    FROM identified
    WHERE active
    WINDOW same AS (PARTITION BY stay)
)
SELECT
    stay, listing, connection, key, rule,
    list_filter(
        [
            CASE WHEN rank = 1 THEN 'dates' END,
            CASE WHEN rank = code_by THEN 'code' END,
            CASE WHEN rank = guest_name_by THEN 'guest_name' END,
            CASE WHEN rank = phone_last4_by THEN 'phone_last4' END,
            CASE WHEN rank = guests_by THEN 'guests' END,
            CASE WHEN rank = url_by THEN 'url' END,
            CASE WHEN rank = notes_by THEN 'notes' END,
            CASE WHEN rank = extras_by THEN 'extras' END
        ],
        lambda field: field IS NOT NULL
    ) AS fields,
    $run_id AS run_id
FROM givers
UNION ALL BY NAME
SELECT uid AS stay, listing, connection, key, 'own_uid' AS rule, []::VARCHAR[] AS fields, $run_id AS run_id
FROM echoes
UNION ALL BY NAME
-- A copy belongs to the stays it copies; while it outlives them, to nobody's but its own.
SELECT
    coalesce(original.stay, copy.stay) AS stay, copy.listing, copy.connection, copy.key,
    CASE
        WHEN (copy.check_in, copy.check_out) = (parties.check_in, parties.check_out) THEN 'same_nights' ELSE 'mirror'
    END AS rule,
    []::VARCHAR[] AS fields, $run_id AS run_id
FROM identified AS copy
LEFT JOIN copied USING (listing, connection, key)
LEFT JOIN parties ON parties.listing = copied.listing AND parties.party = copied.party
LEFT JOIN (SELECT DISTINCT party, stay FROM identified) AS original ON original.party = copied.party
WHERE copy.part = 1 AND (original.stay IS NOT NULL OR NOT copy.active);

DELETE FROM stay_sources
USING batch
WHERE stay_sources.listing = batch.listing
  AND (
    stay_sources.stay IN (SELECT stay FROM sources UNION ALL SELECT stay FROM altered)
    -- Its former stay may have gone to another listing.
    OR (stay_sources.listing, stay_sources.connection, stay_sources.key) IN (SELECT (listing, connection, key) FROM sources)
  );
INSERT INTO stay_sources BY NAME FROM sources;

DELETE FROM work
USING batch
WHERE work.step = 'stays' AND work.listing = batch.listing;
