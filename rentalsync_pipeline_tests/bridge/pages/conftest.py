"""A town whose pages are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline_tests.bridge.conftest import closed, standalone
from rentalsync_pipeline_tests.bridge.pages.village import populate
from rentalsync_pipeline_tests.bridge.pages.visitor import Meet, Visitor
from rentalsync_pipeline_tests.bridge.pages.window import aside
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.chromium import chromium
from rentalsync_pipeline_tests.operations.conftest import new_town, template, town
from rentalsync_pipeline_tests.operations.town import NewTown, Town

__all__ = ["closed", "new_town", "standalone", "template", "town"]


@pytest.fixture
def meet() -> Iterator[Meet]:
    """Brings visitors, and sends them home."""
    met: list[Visitor] = []

    def bring(served: Served) -> Visitor:
        met.append(Visitor(served))
        return met[-1]

    yield bring
    for visitor in met:
        visitor.client.close()


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Town]:
    """The village as it was settled, for twins of it."""
    town = Town(tmp_path_factory.mktemp("village"), template)
    aside(lambda: populate(town))
    yield town
    town.close()


@pytest.fixture
def village(new_town: NewTown, settled: Town) -> Iterator[Served]:
    """The village, where everybody is let in."""
    with serving(new_town("village", settled)) as served:
        yield served


@pytest.fixture
def guarded(new_town: NewTown, settled: Town) -> Iterator[Served]:
    """The village, where everybody presents a token."""
    with serving(new_town("village", settled), BridgeSettings()) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of a module."""
    with chromium() as opened:
        yield opened
