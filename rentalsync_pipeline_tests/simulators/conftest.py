"""A small world with a calm morning, and a client that knows nothing but HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Protocol

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.world import World, village

MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)


class Calling(Protocol):
    """What the fixture `calling` is."""

    def __call__(self, simulator: Simulator, **headers: str) -> AbstractContextManager[httpx.Client]: ...


@pytest.fixture
def world() -> World:
    """Two houses of two rooms each."""
    return World(village(4, rooms=2), MORNING)


@pytest.fixture
def calling() -> Calling:
    """Starts a simulator; gives a client of its address that sends these headers (`_` for `-`)."""

    @contextmanager
    def call(simulator: Simulator, **headers: str) -> Iterator[httpx.Client]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with (
            simulator.serving() as url,
            httpx.Client(base_url=url, headers=named, timeout=5, trust_env=False) as client,
        ):
            yield client

    return call
