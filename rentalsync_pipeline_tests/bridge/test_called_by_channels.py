"""Doubled, reordered, late or forged: whatever webhooks do on their way, what is published is the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

import pytest

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.operations.stores import Scope
from rentalsync_pipeline_tests.bridge.served import serving
from rentalsync_pipeline_tests.operations.hotel import room
from rentalsync_pipeline_tests.operations.managers import Office, opened
from rentalsync_pipeline_tests.operations.town import NewTown, Town, nights
from rentalsync_pipeline_tests.simulators.webhooks import SENDERS, Call

SECRET = "canary-of-webhooks-0123456789"
DUE = Scope(due_only=True)
SOON = {"misses": 2, "minutes": 5}
"""The nights that a move leaves are free once they were missed twice."""


pytestmark = pytest.mark.usefixtures("no_waiting")


@dataclass
class Called:
    """An account, the address of its town's server, and the calls that were made so far."""

    office: Office
    channel: str
    url: str
    calls: list[Call]

    def tell(self, number: int) -> Call:
        """What the vendor sends now of a booking."""
        call = SENDERS[self.channel].call(self.office.api, number, self.url, SECRET)
        self.calls.append(call)
        return call

    def pass_time(self, *towns: Town) -> None:
        """Five minutes: too few for a connection to be due by itself."""
        self.office.world.now = self.office.town.now + timedelta(minutes=5)
        for town in towns:
            town.sync(minutes=5, scope=DUE)


@pytest.fixture(params=SENDERS)
def called(request: pytest.FixtureRequest, town: Town) -> Iterator[Called]:
    channel: str = request.param
    with (
        opened(town, channel, webhook_secret=SECRET, interval="60m", absence=SOON) as office,
        serving(town, BridgeSettings()) as served,
    ):
        office.sync()
        yield Called(office, channel, f"{served.url}/api/integrations/{channel}/webhook", [])


def test_a_webhook_has_the_next_sync_ask_its_channel_and_no_other(called: Called) -> None:
    office = called.office
    sold = office.world.book("airbnb", room("house-01-a", "2026-12-04", 3))
    called.pass_time(office.town)
    assert office.nights() == set()
    assert called.tell(sold.number).send() == 200
    called.pass_time(office.town)
    assert office.nights() == nights("2026-12-04", 3)
    office.api.asked.clear()
    called.pass_time(office.town)
    assert office.api.asked == []


@pytest.mark.slow
def test_whatever_happens_to_webhooks_on_their_way_the_same_is_published(
    called: Called, new_town: NewTown
) -> None:
    """One town hears of each change once. Its twin is told of everything anew, shuffled, and lied to."""
    office, orderly = called.office, called.office.town
    twin, dice = new_town("twin", like=orderly), Random(1)
    with serving(twin, BridgeSettings()) as served:
        unruly = f"{served.url}/api/integrations/{called.channel}/webhook"
        for number in _changes(office):
            assert called.tell(number).send() == 200
            late = [call.to(unruly) for call in called.calls]
            told = [*late, *late, *map(_forged, late)]
            dice.shuffle(told)
            for call in told:
                twin.now += timedelta(minutes=2)  # so that the limit on failures is not the matter
                assert call.send() == (200 if call in late else 401)
            twin.now = orderly.now
            called.pass_time(orderly, twin)
            assert _published(twin) == _published(orderly)
    assert orderly.states() == twin.states()
    assert office.nights("house-01-a") == nights("2026-12-20", 2)
    assert office.nights("house-01-b") == set()


def _changes(office: Office) -> Iterator[int]:
    """The numbers of bookings, each after it has changed."""
    world = office.world
    kept = world.book("airbnb", room("house-01-a", "2026-12-04", 3)).number
    yield kept
    other = world.book("booking_com", room("house-01-b", "2026-12-10", 2)).number
    yield other
    world.move(kept, date(2026, 12, 20), date(2026, 12, 22))
    yield kept
    world.cancel(other)
    yield other
    yield kept


def _published(town: Town) -> dict[str, bytes]:
    return {name: content for name, (content, _written) in town.files().items()}


def _forged(call: Call) -> Call:
    """The same from somebody who does not know the secret."""
    names = {name: "wrong" for name in call.headers if "ignature" in name}
    return replace(call, headers={**call.headers, **names}, url=call.url.replace(SECRET, "wrong"))
