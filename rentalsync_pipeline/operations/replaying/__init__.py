"""The past made again: the feeds of a moment, and every sync anew by today's rules."""
