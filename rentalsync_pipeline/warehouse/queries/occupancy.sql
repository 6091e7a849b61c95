-- How the next nights of each listing stand: busy, free or contested, as one character a night.
WITH nights AS (
    SELECT listing, unnest(generate_series($today, $today + ($nights - 1)::INTEGER, INTERVAL 1 DAY))::DATE AS night
    FROM known_listings
    WHERE enabled
),
held AS (
    SELECT nights.listing, night, count(stay) AS occupations,
        bool_or(EXISTS (
            FROM conflicts
            WHERE resolved IS NULL AND certainty <> 'to_confirm' AND nights.listing IN (conflicts.listing, other_listing)
              AND night BETWEEN first_night AND last_night
        )) AS contested
    FROM nights
    JOIN kin ON kin.listing = nights.listing
    LEFT JOIN stays
        ON stays.listing = kin.relative AND active AND kind <> 'horizon'
       AND night >= check_in AND night < check_out
    GROUP BY nights.listing, night
)
SELECT
    listing,
    string_agg(CASE WHEN contested THEN '!' WHEN occupations > 0 THEN '█' ELSE '·' END, '' ORDER BY night) AS nights,
    count(*) FILTER (occupations > 0) AS busy,
    count(*) AS of_nights
FROM held
GROUP BY listing
ORDER BY listing;
