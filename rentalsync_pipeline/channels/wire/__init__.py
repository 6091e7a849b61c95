"""The wire: getting an answer out of a server, guarded, paced, signed in and within bounds. No channel."""
