-- The families with a listing that waits to be matched, each with all its listings: they are matched together.
WITH waiting AS (
    SELECT DISTINCT listing FROM work WHERE step = 'stays'
),
-- From a room by way of its house to the other rooms.
gathered AS (
    SELECT waiting.listing AS news, further.relative AS listing
    FROM waiting
    JOIN kin ON kin.listing = waiting.listing
    JOIN kin AS further ON further.listing = kin.relative
    UNION
    SELECT listing, listing FROM waiting
)
SELECT DISTINCT min(listing) OVER (PARTITION BY news) AS family, listing
FROM gathered
ORDER BY family, listing;
