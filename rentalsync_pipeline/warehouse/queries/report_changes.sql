-- Nights that this run turned busy or free.
SELECT listing, first_night, last_night, busy, count(*) OVER () AS total
FROM changes
WHERE run_id = $run_id
ORDER BY listing, first_night
LIMIT $most;
