-- Listings of which this run published a new version of a feed, $most of them.
SELECT DISTINCT listing FROM feed_versions WHERE run_id = $run_id ORDER BY listing LIMIT $most;
