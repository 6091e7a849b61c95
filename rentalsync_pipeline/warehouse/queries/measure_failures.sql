-- How often each connection gave no good answer, by reason.
SELECT connection, channel, reason, count(*) AS fetch_failures_total
FROM fetches
WHERE reason IS NOT NULL
GROUP BY ALL
ORDER BY ALL;
