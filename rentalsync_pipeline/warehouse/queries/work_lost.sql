-- Feeds whose file is not where it was published: somebody emptied the folder. In: present (name).
INSERT INTO work
SELECT DISTINCT 'feeds', listing, $run_id
FROM feed_versions
ANTI JOIN present USING (name)
WHERE published IS NOT NULL AND retired IS NULL;
