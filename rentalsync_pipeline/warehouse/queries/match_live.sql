-- The bookings of the listings at hand that hold nights, grouped into stays by the rules of core.matching.
-- In: batch (listing, today), $since (what ended before is settled and no longer matched), $otas.
-- Out: members (a booking each, with its group, rank and rule), echoes.

CREATE OR REPLACE TEMP TABLE live AS
SELECT bookings.*, coalesce(bookings.origin, bookings.channel) AS seller
FROM bookings
SEMI JOIN batch USING (listing)
WHERE state IN ('present', 'missing', 'orphaned', 'completed')
  AND check_out >= $since;

-- Our own feeds coming back: only a UID that we published proves it. Another installation's feed is news.
CREATE OR REPLACE TEMP TABLE echoes AS
SELECT live.*
FROM live
WHERE own AND uid IN (SELECT uid FROM feed_events);

CREATE OR REPLACE TEMP TABLE members AS
WITH coded AS (
    SELECT
        *,
        -- Codes of different OTAs that happen to be equal prove nothing.
        count(DISTINCT seller) FILTER (list_contains($otas, seller)) OVER (PARTITION BY listing, code) > 1 AS contested,
        max(check_out) OVER (
            PARTITION BY listing, code ORDER BY check_in, check_out, connection, key
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reach
    FROM live
    ANTI JOIN echoes USING (connection, key, listing)
),
spread AS (
    SELECT
        *,
        -- Records under one code that share no night, not even by way of others, are stays of their own.
        count(*) FILTER (check_in >= reach) OVER (
            PARTITION BY listing, code ORDER BY check_in, check_out, connection, key
        ) AS island
    FROM coded
),
counted AS (
    SELECT
        *,
        -- So are two records of one connection: a stay that it splits in two, or nights that it has left.
        row_number() OVER (
            PARTITION BY listing, connection, code, island ORDER BY part_of NULLS FIRST, check_in, key
        ) AS nth
    FROM spread
),
grouped AS (
    SELECT
        * EXCLUDE (contested, reach, island, nth),
        CASE
            WHEN code IS NULL THEN concat_ws(chr(31), listing, connection, key)
            WHEN contested THEN concat_ws(chr(31), listing, seller, code, island, nth)
            ELSE concat_ws(chr(31), listing, code, island, nth)
        END AS party
    FROM counted
),
-- An account's record names the channel that sold it: it is what that channel's own calendar shows.
named AS (
    SELECT record.listing, record.party, min(sold.party) AS joins
    FROM grouped AS record
    JOIN grouped AS sold
        ON sold.listing = record.listing AND sold.channel = record.origin AND sold.origin IS NULL
       AND sold.check_in = record.check_in AND sold.check_out = record.check_out
       AND sold.kind IN ('reservation', 'tentative', 'unknown')
    GROUP BY ALL
),
joined AS (
    SELECT grouped.* REPLACE (coalesce(joins, party) AS party), joins <> party AS by_nights
    FROM grouped
    LEFT JOIN named USING (listing, party)
)
SELECT
    * EXCLUDE (by_nights),
    -- An account's record before a calendar's, then whoever knew first.
    row_number() OVER (PARTITION BY listing, party ORDER BY origin IS NULL, first_seen, connection, key) AS rank,
    row_number() OVER (PARTITION BY listing, party ORDER BY first_seen, origin IS NULL, connection, key) AS founding,
    CASE
        WHEN count(*) OVER (PARTITION BY listing, party) = 1 THEN 'distinct'
        WHEN bool_or(by_nights) OVER (PARTITION BY listing, party) THEN 'same_nights'
        ELSE 'code'
    END AS rule
FROM joined;

-- Each group keeps the stay that one of its bookings belongs to; a stay goes to one group only.
CREATE OR REPLACE TEMP TABLE inherited AS
WITH claims AS (
    SELECT listing, party, stay, min(founding) AS founding, min(first_seen) AS since
    FROM members
    WHERE stay IS NOT NULL
    GROUP BY listing, party, stay
),
best AS (
    SELECT *
    FROM claims
    QUALIFY row_number() OVER (PARTITION BY stay ORDER BY since, founding, listing, party) = 1
)
SELECT listing, party, stay
FROM best
QUALIFY row_number() OVER (PARTITION BY listing, party ORDER BY since, founding, stay) = 1;
