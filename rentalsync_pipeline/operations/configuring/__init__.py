"""What people set up: homes, connections, listings, access."""
