-- When a night last turned busy or free.
SELECT busy, changed
FROM changes
WHERE listing = $listing AND $night BETWEEN first_night AND last_night
ORDER BY changed DESC
LIMIT 1;
