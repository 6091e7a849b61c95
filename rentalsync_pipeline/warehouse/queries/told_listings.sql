-- In: told (id).
UPDATE feed_versions SET reported = true FROM told WHERE feed_versions.listing = told.id AND published IS NOT NULL;
