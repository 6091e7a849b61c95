-- Every run in its order, with the steps that it took.
SELECT runs.run_id, as_of, coalesce(list(step) FILTER (step IS NOT NULL), []) AS steps
FROM runs
LEFT JOIN steps USING (run_id)
GROUP BY runs.run_id, as_of, runs.rowid
ORDER BY as_of, runs.rowid;
