"""The pages in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from rentalsync_pipeline_tests.bridge.pages.window import DESK, PHONE, aside, window
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.chromium import NEEDED
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.town import Town

pytestmark = [*NEEDED]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Served]:
    """A town with a listing and a guest."""
    town = Town(tmp_path_factory.mktemp("pages"), template)
    town.connect("loft-airbnb", airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    town.apply()
    aside(town.sync)
    with serving(town) as opened:
        yield opened
    town.close()


@pytest.mark.parametrize("options", [DESK, PHONE], ids=["desk", "phone"])
def test_the_overview_is_readable(browser: Browser, served: Served, options: dict[str, object]) -> None:
    with window(browser, served.url, options) as opened:
        opened.open("/")
