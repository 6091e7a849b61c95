INSERT INTO schema_migrations VALUES ($file, $digest);
