-- Quarantines, those that stand first, each with the body of its last doubtful answer.
SELECT quarantines.*, fetches.channel, fetches.content, fetches.started AS asked
FROM quarantines
JOIN fetches USING (fetch_id)
WHERE $resolved OR quarantines.resolved IS NULL
ORDER BY quarantines.resolved IS NOT NULL, quarantine DESC;
