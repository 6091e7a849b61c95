"""Where the navigation leads."""

from __future__ import annotations

PLACES: tuple[tuple[str, str], ...] = (
    ("/", "Overview"),
    ("/board", "Board"),
    ("/listings", "Listings"),
    ("/conflicts", "Double bookings"),
    ("/quarantine", "Quarantine"),
    ("/integrations", "Integrations"),
    ("/history", "History"),
)
"""Paths, and how they are called; pages below such a path belong to it."""
