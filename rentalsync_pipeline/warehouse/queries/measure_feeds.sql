-- The calendars that stand published, and how many versions there were of each.
SELECT
    listing,
    audience,
    arg_max(events, rendered) AS feed_events,
    arg_max(bytes, rendered) AS feed_size_bytes,
    epoch(max(rendered)) AS feed_last_change_timestamp_seconds,
    count(*) AS feed_versions_total
FROM feed_versions
WHERE published IS NOT NULL
GROUP BY ALL
HAVING bool_or(retired IS NULL)
ORDER BY ALL;
