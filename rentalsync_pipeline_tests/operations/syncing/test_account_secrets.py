"""Credentials and tokens of an account: kept across syncs, and found nowhere but in the vault."""

from __future__ import annotations

from pathlib import Path

import pytest

from rentalsync_pipeline.channels import windows
from rentalsync_pipeline.channels.wire.pace import Pace
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.operations.stores import Stores
from rentalsync_pipeline_tests.operations.hotel import Hotel, opened, room
from rentalsync_pipeline_tests.operations.town import Town, nights


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "reserve", lambda *_: 0.0)
    monkeypatch.setattr(windows, "AHEAD", 1)
    monkeypatch.setattr(windows, "BEYOND", 1)


def with_oauth(town: Town, hotel: Hotel) -> str:
    """Let the account be asked by OAuth; gives the refresh token that its owner pasted."""
    first = str(hotel.cloudbeds.granted()["refresh_token"])
    town.connections["hotel"]["credentials"] = {**hotel.cloudbeds.client, "refresh_token": first}
    town.apply()
    return first


def exchanges(hotel: Hotel) -> int:
    return sum(asked.path.endswith("/access_token") for asked in hotel.cloudbeds.asked)


def test_a_token_serves_many_syncs_and_is_renewed_by_its_own_refresh_token(town: Town) -> None:
    with opened(town) as hotel:
        with_oauth(town, hotel)
        hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
        hotel.sync()
        assert exchanges(hotel) == 1
        hotel.sync()
        assert exchanges(hotel) == 0

        town.stores = Stores.open(town.home, str(town.home.feeds))  # another process, later
        hotel.sync(minutes=9 * 60)
        assert exchanges(hotel) == 1
        hotel.sync(minutes=9 * 60)
        assert exchanges(hotel) == 1

    assert town.nights("house-01-a") == nights("2026-12-04", 3)


def test_a_token_follows_its_connection_under_another_name_and_goes_with_it(town: Town) -> None:
    with opened(town) as hotel:
        with_oauth(town, hotel)
        hotel.sync()
        town.connections["casa"] = town.connections.pop("hotel") | {"renamed_from": "hotel"}
        town.apply()
        hotel.sync()
        assert exchanges(hotel) == 0
        assert town.stores.control.tokens_of("hotel").read() is None

        del town.connections["casa"]
        town.apply(prune=True)
        assert town.stores.control.tokens_of("casa").read() is None


def test_no_secret_of_an_account_is_written_anywhere(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    with opened(town) as hotel:
        first = with_oauth(town, hotel)
        hotel.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
        hotel.sync()
        hotel.cloudbeds.faults.add("server_error", times=None)
        hotel.sync()
        hotel.cloudbeds.faults.clear()
        hotel.cloudbeds.client["client_secret"] = "changed"
        hotel.sync(minutes=9 * 60)
        token = town.stores.control.tokens_of("hotel").read()
        said = "".join(capfd.readouterr())

    assert token is not None
    assert isinstance(token.refresh, Secret)
    canaries = [
        first,
        token.access.reveal(),
        token.refresh.reveal(),
        str(town.connections["hotel"]["credentials"]["client_secret"]),
    ]
    assert all(len(canary) > 8 for canary in canaries)
    written = {path: path.read_bytes() for path in Path(town.home.path).rglob("*") if path.is_file()}
    for canary in canaries:
        assert canary not in said
        assert [path for path, content in written.items() if canary.encode() in content] == []
