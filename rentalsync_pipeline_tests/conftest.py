"""What all tests share: homes of their own, and an order in which the fast ones go first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from rentalsync_pipeline_tests.estate import Estate, settle


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is marked slow after everything else."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Estate]:
    """The example portfolio, applied, on a Dagster instance of its own."""
    home = settle(tmp_path / "portfolio")
    monkeypatch.setenv("DAGSTER_HOME", str(home.dagster))
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "1")
    with dg.DagsterInstance.get() as instance:
        estate = Estate(home, instance)
        estate.apply()
        yield estate
