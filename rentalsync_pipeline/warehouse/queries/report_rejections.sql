-- Events of this run that could not be read.
SELECT connection, line, reason, count(*) OVER () AS total
FROM rejections
WHERE run_id = $run_id
ORDER BY connection, line
LIMIT $most;
