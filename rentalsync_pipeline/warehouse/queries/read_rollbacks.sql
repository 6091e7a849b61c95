-- The rollbacks that stand.
SELECT listing, audience, moment, since, len(let_go) AS let_go
FROM rollbacks
WHERE ended IS NULL
ORDER BY listing, audience;
