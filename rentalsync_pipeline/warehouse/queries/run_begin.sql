INSERT INTO runs SELECT $run_id, $as_of, $asked_by WHERE $run_id NOT IN (SELECT run_id FROM runs);
