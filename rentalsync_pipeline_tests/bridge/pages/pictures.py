"""Pictures of the pages for the documentation: `python -m rentalsync_pipeline_tests.bridge.pages.pictures`.

Belongs here: taking them of the village. Does not: whether the pages are right (the tests).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline_tests.bridge.pages.village import populate
from rentalsync_pipeline_tests.bridge.pages.window import DESK, PHONE, window
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.chromium import chromium
from rentalsync_pipeline_tests.operations.hotel import mapping
from rentalsync_pipeline_tests.operations.town import Town
from rentalsync_pipeline_tests.simulators.cloudbeds import Cloudbeds
from rentalsync_pipeline_tests.simulators.world import World, village

FOLDER = Path(__file__).parents[3] / "docs" / "images"
MOST = 150_000
"""Bytes that a picture may have."""

PICTURES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "overview": ("/", DESK),
    "board": ("/board", DESK),
    "board-on-a-phone": ("/board?start=2026-11-26", PHONE),
    "listing": ("/listings/{loft}", DESK),
    "night": ("/listings/{loft}/nights/2026-11-29", DESK),
    "double-bookings": ("/conflicts", DESK),
    "quarantine": ("/quarantine/1", DESK),
    "connect": ("/connect", DESK),
    "rooms": ("/integrations/hotel/mapping", DESK),
    "integrations": ("/integrations", DESK),
    "integration": ("/integrations/barn-ical", PHONE),
    "history": ("/history", DESK),
}
"""By the name of the file, `pages-….png`: where it is taken, and in what kind of window."""
PRESSED = {"rooms": "Ask for its rooms"}
"""The button that is pressed before."""
_INGRESS = BridgeSettings(proxies=(ip_network("127.0.0.0/8"),))
_ANNA: dict[str, Any] = {"extra_http_headers": {"X-Remote-User-Name": "Anna"}}


def take(folder: Path) -> None:
    """Settle the village and take every picture."""
    with TemporaryDirectory() as home:
        init(Path(home), env={})
        town = Town(Path(home))
        with _hotel(town):
            populate(town)
            town.now += timedelta(minutes=4)
            with serving(town, _INGRESS) as served, chromium() as browser:
                for name in PICTURES:
                    _take(browser, served, name, folder)
        town.close()


@contextmanager
def _hotel(town: Town) -> Iterator[None]:
    """An account of four rooms, of which two are listings of the village; it is switched off."""
    cloudbeds = Cloudbeds(World(village(4, rooms=2), town.now))
    with cloudbeds.serving() as url:
        town.connections["hotel"] = {
            "channel": "cloudbeds",
            "credentials": {"api_key": cloudbeds.key},
            "base_url": url,
            "listings": dict(zip(mapping(cloudbeds), ("villa-east", "villa-west"), strict=False)),
            "enabled": False,
        }
        yield


def _take(browser: Browser, served: Served, name: str, folder: Path) -> None:
    path, options = PICTURES[name]
    keys = served.town.stores.control.listing_keys()
    with window(browser, served.url, options | _ANNA) as shown:
        page = shown.open(path.format_map(keys))
        if name in PRESSED:
            with page.expect_navigation():
                page.get_by_role("button", name=PRESSED[name]).click()
        page.screenshot(path=folder / f"pages-{name}.png")


if __name__ == "__main__":
    take(FOLDER)
