-- Ranges of nights that turned busy or free since $since, of one listing or of all, the newest first.
SELECT listing, first_night, last_night, busy, changed, run_id
FROM changes
WHERE changed >= $since AND coalesce(listing = $listing, true)
ORDER BY changed DESC, listing, first_night;
