-- Listings with feed versions that their partition has not been told, with what stands now.
SELECT
    listing,
    count(*) AS feeds,
    max(events) FILTER (audience = 'owner') AS events,
    sum(bytes) AS bytes,
    list(name ORDER BY name) AS names,
    max(published) AS published
FROM (
    FROM feed_versions
    WHERE NOT reported AND published IS NOT NULL AND retired IS NULL
    QUALIFY row_number() OVER (PARTITION BY name ORDER BY rendered DESC, rowid DESC) = 1
)
GROUP BY listing
ORDER BY published, listing
LIMIT $most;
