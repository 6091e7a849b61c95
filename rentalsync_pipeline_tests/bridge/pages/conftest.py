"""A town whose pages are looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from rentalsync_pipeline_tests.bridge.conftest import closed, standalone
from rentalsync_pipeline_tests.bridge.pages.visitor import Meet, Visitor
from rentalsync_pipeline_tests.bridge.served import Served
from rentalsync_pipeline_tests.chromium import chromium
from rentalsync_pipeline_tests.operations.conftest import new_town, template, town

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of a module."""
    with chromium() as opened:
        yield opened
