-- The bodies that a replay until $until reads, each with the last answer that needs it.
SELECT content, max(started) AS last
FROM fetches
JOIN runs USING (run_id)
WHERE runs.as_of <= $until AND content IS NOT NULL AND verdict <> 'unchanged'
GROUP BY content;
