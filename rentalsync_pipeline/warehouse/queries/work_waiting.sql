-- The listings that a step has to look at.
SELECT DISTINCT listing FROM work WHERE step = $step ORDER BY listing;
