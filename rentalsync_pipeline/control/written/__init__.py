"""What people write, and what it says: the YAML and `secrets.env`, as rows. No table, no secret at rest."""
