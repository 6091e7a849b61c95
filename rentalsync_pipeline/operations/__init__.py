"""Floor 3: the verbs of the product. No Dagster, no terminal, no HTTP."""
