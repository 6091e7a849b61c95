-- The files that stand published, with what the manifest says of them.
SELECT listing, audience, name, sha256, events, bytes, rendered AS last_change
FROM feed_versions
WHERE published IS NOT NULL AND retired IS NULL
QUALIFY row_number() OVER (PARTITION BY name ORDER BY rendered DESC, rowid DESC) = 1
ORDER BY name;
