INSERT INTO snapshots VALUES ($now, $run_id);
