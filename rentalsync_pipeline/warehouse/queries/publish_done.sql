-- The files of these versions are in place, and those that nobody wants any more are gone.
-- In: batch, retired (name), $now.
UPDATE feed_versions SET published = $now
FROM batch
WHERE feed_versions.listing = batch.listing AND published IS NULL;

UPDATE feed_versions SET retired = $now
FROM retired
WHERE feed_versions.name = retired.name AND feed_versions.retired IS NULL;

DELETE FROM work USING batch WHERE work.step = 'feeds' AND work.listing = batch.listing;
