-- What of the configuration was new to which run, in their order.
SELECT run_id, part, name, value FROM configurations ORDER BY rowid;
