"""What all tests share: homes of their own, and an order in which the fast ones go first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from hypothesis import settings

from rentalsync_pipeline.channels import windows
from rentalsync_pipeline.channels.wire.pace import Pace
from rentalsync_pipeline_tests.estate import Estate, settle

# The same examples on every machine and at every run: a suite that is green stays green until the code
# changes. To look for new ones: `make test ARGS=--hypothesis-profile=default`.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is marked slow after everything else."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(scope="session")
def httpserver_listen_address() -> tuple[str, int]:
    """All tests share one server: whichever comes first, it is at the address that tests allow."""
    return "127.0.0.1", 0


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback needs no pace, and a few months of windows are as far as anybody books here."""
    monkeypatch.setattr(Pace, "reserve", lambda *_: 0.0)
    monkeypatch.setattr(windows, "AHEAD", 2)
    monkeypatch.setattr(windows, "BEYOND", 2)


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
