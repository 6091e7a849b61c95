-- The files that stood published at $as_of, each with the run that rendered it.
SELECT listing, audience, name, sha256, rendered, run_id
FROM feed_versions
WHERE published <= $as_of AND (retired IS NULL OR retired > $as_of)
QUALIFY row_number() OVER (PARTITION BY name ORDER BY rendered DESC, rowid DESC) = 1
ORDER BY name;
