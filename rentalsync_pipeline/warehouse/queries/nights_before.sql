-- Remembers which nights of the listings at hand are held, before that changes. In: batch (listing, today).
-- Out: nights_before (listing, night), for nights_turned.sql.

-- Night by night from today on; no further than anybody books, as an event may end in the year 9999.
CREATE OR REPLACE TEMP VIEW held_nights AS
SELECT DISTINCT
    batch.listing,
    unnest(generate_series(
        greatest(check_in, today), least(check_out, today + INTERVAL 3 YEAR) - INTERVAL 1 DAY, INTERVAL 1 DAY
    ))::DATE AS night
FROM batch
JOIN kin USING (listing)
JOIN stays ON stays.listing = kin.relative
WHERE active AND kind <> 'horizon' AND check_out > today;

CREATE OR REPLACE TEMP TABLE nights_before AS FROM held_nights;
