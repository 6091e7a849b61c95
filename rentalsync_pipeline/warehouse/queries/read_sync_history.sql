-- What came of each sync of these channels, or of one connection of theirs: the newest first, some of each channel.
SELECT
    channel,
    run_id,
    any_value(asked_by) AS asked_by,
    min(started) AS started,
    max(ended) AS ended,
    count(*) FILTER (verdict = 'failed') AS failed,
    count(*) FILTER (verdict = 'quarantined' OR rejected > 0) AS doubtful,
    count(*) AS answers,
    sum(created)::BIGINT AS created,
    sum(updated)::BIGINT AS updated,
    list(DISTINCT (connection, reason, coalesce(detail, '')) ORDER BY (connection, reason, coalesce(detail, '')))
        FILTER (reason IS NOT NULL) AS reasons
FROM fetches
LEFT JOIN runs USING (run_id)
WHERE list_contains($channels, channel) AND coalesce(connection = $connection, true)
GROUP BY channel, run_id
QUALIFY row_number() OVER (PARTITION BY channel ORDER BY min(started) DESC, run_id) BETWEEN $skipped + 1 AND $skipped + $most
ORDER BY channel, started DESC, run_id;
