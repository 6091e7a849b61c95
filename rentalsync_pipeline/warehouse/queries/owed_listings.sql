-- Listings with feed versions that their partition has not been told, with what stands now.
SELECT
    listing,
    count(*) AS feeds,
    max(events) FILTER (audience = 'owner') AS events,
    sum(bytes) AS bytes,
    list(name ORDER BY name) AS names,
    max(published) AS published
FROM feed_versions
WHERE NOT reported AND published IS NOT NULL AND retired IS NULL
GROUP BY listing
ORDER BY published, listing
LIMIT $most;
