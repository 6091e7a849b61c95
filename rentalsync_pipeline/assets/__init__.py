"""Floor 4: what Dagster shows. Each asset calls one operation and reports what it did."""
