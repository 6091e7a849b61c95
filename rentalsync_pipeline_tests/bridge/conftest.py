"""A town that is served."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.conftest import new_town, template, town
from rentalsync_pipeline_tests.operations.town import Town

__all__ = ["new_town", "template", "town"]


@pytest.fixture
def standalone(town: Town) -> Iterator[Served]:
    """Without authentication."""
    with serving(town) as served:
        yield served


@pytest.fixture
def closed(town: Town) -> Iterator[Served]:
    """As it is by default: whoever asks presents a token."""
    with serving(town, BridgeSettings()) as served:
        yield served
