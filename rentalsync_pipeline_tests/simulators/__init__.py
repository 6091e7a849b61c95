"""Servers that answer as the channels do, and the world of guests and bookings that they tell of.

A simulator is held to its vendor's documents, and knows nothing of our clients. What the channels say in
their own words is what `world.py` holds once, so a test can ask what is true.
"""
