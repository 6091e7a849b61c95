"""The daily upkeep: what is compacted, and what is forgotten."""
