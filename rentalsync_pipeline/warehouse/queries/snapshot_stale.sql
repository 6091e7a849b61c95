-- Whether readers would miss something: news of this run, or a log that is an hour behind.
SELECT
    EXISTS (FROM fetches WHERE run_id = $run_id AND news)
    OR EXISTS (FROM bookings WHERE run_id = $run_id)
    OR EXISTS (FROM stays WHERE run_id = $run_id)
    OR EXISTS (FROM conflicts WHERE resolved = $now OR run_id = $run_id)
    OR EXISTS (FROM quarantines WHERE run_id = $run_id)
    OR EXISTS (FROM rollbacks WHERE run_id = $run_id)
    OR EXISTS (FROM feed_versions WHERE run_id = $run_id OR published = $now OR retired = $now)
    OR coalesce((SELECT max(made) FROM snapshots) < $now - INTERVAL 1 HOUR, true);
