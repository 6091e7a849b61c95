-- Whose connection was taken away has nothing in quarantine any more.
UPDATE quarantines SET resolved = $now, ending = 'abandoned', run_id = $run_id
WHERE resolved IS NULL AND connection NOT IN (SELECT connection FROM connections_now);

-- A listing whose configuration shows in its feeds, or whose zone moved, is rendered again.
-- In: listings_now (listing, timezone, enabled, config), connections_now.
INSERT INTO work
SELECT DISTINCT 'feeds', listing, $run_id
FROM (
    (FROM listings_now EXCEPT FROM known_listings)
    UNION ALL
    (FROM known_listings EXCEPT FROM listings_now)
);

DELETE FROM known_listings;
INSERT INTO known_listings FROM listings_now;
DELETE FROM known_connections;
INSERT INTO known_connections FROM connections_now;
