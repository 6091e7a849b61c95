"""Floor 2: DuckDB, the bodies and the snapshot. Only the steps of a sync open the warehouse."""
