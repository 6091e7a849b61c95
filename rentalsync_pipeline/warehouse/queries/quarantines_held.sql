-- The quarantines that stand, each with the body of its last doubtful answer.
SELECT quarantines.*, fetches.content
FROM quarantines
JOIN fetches USING (fetch_id)
WHERE resolved IS NULL;
