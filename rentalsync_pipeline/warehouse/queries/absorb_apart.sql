-- Nights that lie apart from their reservation, as records of their own, and those that join it again.
-- In: told, standing. Out: apart, rejoined.

-- Those that it gave up when it moved, which wait like a booking that vanished, and those that a quarantined
-- answer would have it hold as well.
CREATE OR REPLACE TEMP TABLE apart AS
WITH given_up AS (
    SELECT
        standing.*, told.asked, told.fetch_id AS answer, 1 AS first_miss,
        nights_beyond(standing.check_in, standing.check_out, told.check_in, told.check_out, told.today) AS parts
    FROM told
    JOIN standing
        ON standing.connection = told.connection
       AND coalesce(standing.part_of, standing.key) = told.key
       AND standing.listing IS NOT DISTINCT FROM told.listing
    WHERE told.verdict = 'accepted' AND told.state = 'present' AND NOT told.at_once
      AND standing.kind IN ('reservation', 'tentative')
      AND standing.state IN ('present', 'missing', 'orphaned', 'completed')
      AND (standing.part_of IS NULL OR (standing.check_in < told.check_out AND told.check_in < standing.check_out))
),
added AS (
    SELECT
        standing.* REPLACE (told.kind AS kind), told.asked, told.fetch_id AS answer, 0 AS first_miss,
        CASE
            WHEN standing.kind = 'horizon'
            THEN nights_beyond(told.check_in, told.check_out, told.check_in, told.check_in, told.today)
            ELSE nights_beyond(told.check_in, told.check_out, standing.check_in, standing.check_out, told.today)
        END AS parts
    FROM told
    JOIN standing
        ON standing.connection = told.connection
       AND standing.key = told.key
       AND standing.listing IS NOT DISTINCT FROM told.listing
    WHERE told.verdict = 'quarantined' AND told.state = 'present' AND told.kind <> 'horizon'
      AND standing.state IN ('present', 'missing', 'orphaned', 'completed')
),
parts AS (
    SELECT * REPLACE (unnest(parts) AS parts) FROM (FROM given_up UNION ALL BY NAME FROM added)
)
SELECT
    * EXCLUDE (parts) REPLACE (
        coalesce(part_of, key) AS part_of,
        concat_ws(chr(31), coalesce(part_of, key), parts.first, parts.beyond) AS key,
        parts.first AS check_in,
        parts.beyond AS check_out
    )
FROM parts;

-- A part that its reservation holds again, in whole or in part, has ended; what is left of it begins anew.
CREATE OR REPLACE TEMP TABLE rejoined AS
SELECT standing.*, told.asked, told.fetch_id AS answer
FROM standing
JOIN told
    ON told.connection = standing.connection
   AND told.key = standing.part_of
   AND told.listing IS NOT DISTINCT FROM standing.listing
WHERE told.verdict = 'accepted' AND told.state = 'present'
  AND standing.state IN ('present', 'missing', 'orphaned', 'completed')
  AND standing.check_in < told.check_out AND told.check_in < standing.check_out;
