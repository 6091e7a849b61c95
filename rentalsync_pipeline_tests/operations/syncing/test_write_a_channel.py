"""The example of docs/how-to/write-a-channel.md: dropped beside the other channels, it works as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from rentalsync_pipeline import channels as package
from rentalsync_pipeline.channels import registry
from rentalsync_pipeline.channels.wire.pace import Pace
from rentalsync_pipeline_tests.operations.acme import KEY, Acme
from rentalsync_pipeline_tests.operations.town import Town, nights

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "write-a-channel.md"


@pytest.fixture(autouse=True)
def acme_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    folder = tmp_path / "more_channels"
    folder.mkdir()
    (folder / "acme_stays.py").write_text(example, encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    monkeypatch.setattr(Pace, "reserve", lambda *_: 0.0)
    forget_channels()
    yield
    forget_channels()


def forget_channels() -> None:
    for found in (registry.channels, registry.accounts, registry.calendars):
        found.cache_clear()


def test_the_example_brings_bookings_and_their_changes(town: Town, httpserver: HTTPServer) -> None:
    acme = Acme(httpserver)
    acme.sell(1, "2026-12-04", "2026-12-07")
    for number in range(2, 62):
        acme.sell(number, "2026-12-10", "2026-12-11", status="cancelled")
    town.listing("lake-house")
    town.connections["acme"] = {
        "channel": "acme_stays",
        "credentials": {"api_key": KEY},
        "base_url": acme.url,
        "listings": {"17": "lake-house"},
    }
    town.apply()
    town.sync()
    assert town.nights("lake-house") == nights("2026-12-04", 3)
    assert [event.summary for event in town.events("lake-house")] == ["Ivy Smith"]

    acme.changed.clear()
    acme.asked.clear()
    acme.sell(1, "2026-12-04", "2026-12-09")
    town.sync()
    assert town.nights("lake-house") == nights("2026-12-04", 5)
    assert [path for path in acme.asked if "departure_from" in path] == []
