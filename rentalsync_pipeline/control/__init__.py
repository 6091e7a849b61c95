"""Floor 2: what is configured and what is asked for: the YAML, the control store, the vault."""
