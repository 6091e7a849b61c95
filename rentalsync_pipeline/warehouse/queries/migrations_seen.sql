SELECT name, digest FROM schema_migrations;
