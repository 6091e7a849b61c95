-- How many occupations hold nights from today on, by kind.
SELECT kind, count(*) AS stays, count(DISTINCT listing) AS listings
FROM stays
WHERE active AND check_out > $today
GROUP BY kind
ORDER BY kind;
