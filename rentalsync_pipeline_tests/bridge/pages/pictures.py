"""Pictures of the pages for the documentation: `python -m rentalsync_pipeline_tests.bridge.pages.pictures`.

Belongs here: taking them of the village. Does not: whether the pages are right (the tests).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline_tests.bridge.pages.village import populate
from rentalsync_pipeline_tests.bridge.pages.window import DESK, PHONE, window
from rentalsync_pipeline_tests.bridge.served import serving
from rentalsync_pipeline_tests.chromium import chromium
from rentalsync_pipeline_tests.operations.town import Town

FOLDER = Path(__file__).parents[3] / "docs" / "images"
MOST = 150_000
"""Bytes that a picture may have."""

PICTURES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "board": ("/board", DESK),
    "board-on-a-phone": ("/board?start=2026-11-26", PHONE),
    "listing": ("/listings/{loft}", DESK),
    "night": ("/listings/{loft}/nights/2026-11-29", DESK),
    "double-bookings": ("/conflicts", DESK),
    "quarantine": ("/quarantine/1", DESK),
}
"""By the name of the file, `pages-….png`: where it is taken, and in what kind of window."""


def take(folder: Path) -> None:
    """Settle the village and take every picture."""
    with TemporaryDirectory() as home:
        init(Path(home), env={})
        town = Town(Path(home))
        populate(town)
        keys = town.stores.control.listing_keys()
        with serving(town) as served, chromium() as browser:
            for name, (path, options) in PICTURES.items():
                with window(browser, served.url, options) as opened:
                    opened.open(path.format_map(keys)).screenshot(path=folder / f"pages-{name}.png")
        town.close()


if __name__ == "__main__":
    take(FOLDER)
