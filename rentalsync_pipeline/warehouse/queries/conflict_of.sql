-- The conflict of two stays, an open one first.
SELECT conflict
FROM conflicts
WHERE (stay_a, stay_b) IN (($stay, $other), ($other, $stay))
ORDER BY resolved IS NOT NULL, conflict DESC
LIMIT 1;
