-- Which schema files were applied, and with what text; at first no digest was kept.
CREATE TABLE IF NOT EXISTS schema_migrations (name VARCHAR NOT NULL, digest VARCHAR);
ALTER TABLE schema_migrations ADD COLUMN IF NOT EXISTS digest VARCHAR;
