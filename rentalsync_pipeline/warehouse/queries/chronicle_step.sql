-- Notes that a run took a step. In the transaction in which the step first changes something.
INSERT INTO steps SELECT $run_id, $step WHERE NOT EXISTS (FROM steps WHERE run_id = $run_id AND step = $step);
