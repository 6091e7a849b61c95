"""How it stands: states, numbers, troubles, and telling them."""
