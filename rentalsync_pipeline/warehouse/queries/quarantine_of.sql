-- The quarantine of a connection that stands.
SELECT quarantine FROM quarantines WHERE connection = $connection AND resolved IS NULL;
