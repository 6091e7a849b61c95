-- What people had decided, by the run that carried it out.
SELECT run_id, kind, subject, payload FROM decisions ORDER BY rowid;
