-- The last version of every file that belongs to these listings and stands. In: batch (listing, since).
SELECT listing, name, sha256, published IS NOT NULL AS published
FROM feed_versions
SEMI JOIN batch USING (listing)
WHERE retired IS NULL
QUALIFY row_number() OVER (PARTITION BY name ORDER BY rendered DESC, rowid DESC) = 1
ORDER BY name;
