"""An account through all steps of a sync: nothing is concluded from what a page lacks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from rentalsync_pipeline.channels import windows
from rentalsync_pipeline.channels.pace import Pace
from rentalsync_pipeline_tests.operations.hotel import Hotel, opened, room
from rentalsync_pipeline_tests.operations.town import Town, nights


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "reserve", lambda *_: 0.0)
    monkeypatch.setattr(windows, "AHEAD", 2)
    monkeypatch.setattr(windows, "BEYOND", 2)


@pytest.fixture
def hotel(town: Town) -> Iterator[Hotel]:
    with opened(town) as hotel:
        yield hotel


def test_what_an_account_has_sold_is_published_by_room(hotel: Hotel) -> None:
    hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3), room("house-01-b", "2026-12-05", 2))
    hotel.world.block("cloudbeds", "house-02-a", date(2026, 12, 24), date(2026, 12, 27))
    hotel.sync()

    assert hotel.town.nights("house-01-a") == nights("2026-12-04", 3)
    assert hotel.town.nights("house-01-b") == nights("2026-12-05", 2)
    assert hotel.town.nights("house-02-a") == nights("2026-12-24", 3)
    assert hotel.town.nights("house-02-b") == set()
