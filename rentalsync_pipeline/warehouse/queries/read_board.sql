-- The nights from $first to before $until that are held, of these $listings, by a stay of their own or a relative's: one
-- row a night, told by the stay that was known first. What a channel doesn't sell yet is only told where nothing holds it.
WITH held AS (
    SELECT
        kin.listing, stay, stays.listing AS home, channel, kind, check_in, check_out, first_seen,
        unnest(generate_series(
            greatest(check_in, $first::DATE), least(check_out, $until::DATE) - INTERVAL 1 DAY, INTERVAL 1 DAY
        ))::DATE AS night
    FROM stays
    JOIN kin ON kin.relative = stays.listing
    WHERE active AND kin.listing IN (SELECT unnest($listings)) AND check_in < $until AND check_out > $first
),
contested AS (
    SELECT
        unnest(list_distinct([listing, other_listing])) AS listing, first_night, last_night,
        certainty = 'certain' AS is_certain
    FROM conflicts
    WHERE resolved IS NULL AND certainty <> 'to_confirm' AND last_night >= $first AND first_night < $until
)
SELECT
    held.listing, night, home, channel, kind, night = check_in AS begins, night = check_out - 1 AS ends,
    count(*) FILTER (kind <> 'horizon') OVER a_night AS stays,
    (
        SELECT bool_or(is_certain)
        FROM contested
        WHERE contested.listing = held.listing AND night BETWEEN first_night AND last_night
    ) AS contested
FROM held
WINDOW a_night AS (PARTITION BY held.listing, night)
QUALIFY row_number() OVER (PARTITION BY held.listing, night ORDER BY kind = 'horizon', first_seen, stay) = 1
ORDER BY held.listing, night;
