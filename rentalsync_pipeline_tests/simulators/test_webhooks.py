"""What the simulated vendors send, against their documents."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from rentalsync_pipeline_tests.simulators.hospitable import Hospitable
from rentalsync_pipeline_tests.simulators.lodgify import Lodgify
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.smoobu import Smoobu
from rentalsync_pipeline_tests.simulators.stays import stay
from rentalsync_pipeline_tests.simulators.webhooks import SENDERS, signature
from rentalsync_pipeline_tests.simulators.world import World

URL = "http://127.0.0.1:1/api/integrations/x/webhook"


def test_a_signature_is_that_of_hospitable_s_example() -> None:
    expected = "cc99bf5947391ddb0d0d9866f5b9d3a68e8b273c5ac8f699b4ae2399a7433118"
    assert signature(b'{"foo":"bar"}', "123456") == expected


def test_hospitable_gives_each_call_an_id(world: World) -> None:
    """*Payload fields*: id, data as a GET has it, action, created in UTC, version."""
    api, sender = Hospitable(world), SENDERS["hospitable"]
    number = world.book("airbnb", stay("house-01-a", 10, 3)).number
    first = json.loads(sender.call(api, number, URL, "x").body)
    world.now += timedelta(minutes=1)
    world.cancel(number)
    second = json.loads(sender.call(api, number, URL, "x").body)
    assert (first["action"], second["action"]) == ("reservation.created", "reservation.changed")
    assert len(first["id"]) == len("01GTKD6ZYFVQMR0RWP4HBBHNZC")
    assert first["id"] != second["id"]
    assert second["created"] == "2026-11-20T08:01:00Z"
    assert second["data"]["reservation_status"]["current"]["category"] == "cancelled"


def test_lodgify_s_says_the_same_where_the_same_came_back(world: World) -> None:
    """The example has neither id nor date: only `ms-signature` tells that it is theirs."""
    api, sender = Lodgify(world), SENDERS["lodgify"]
    booking = world.book("airbnb", stay("house-01-a", 10, 3))
    first = sender.call(api, booking.number, URL, "x")
    world.now += timedelta(minutes=1)
    world.cancel(booking.number)
    world.change(booking.number, status=booking.status)
    assert sender.call(api, booking.number, URL, "x") == first
    assert first.headers["ms-signature"] == f"sha256={signature(first.body, 'x')}"
    assert json.loads(first.body).keys() == {"action", "booking", "guest"}


@pytest.mark.parametrize(("change", "action"), [("move", "update"), ("cancel", "cancel"), ("", "new")])
def test_smoobu_s_says_what_happened_and_bears_the_secret_in_its_address(
    world: World, change: str, action: str
) -> None:
    booking = world.book("airbnb", stay("house-01-a", 10, 3))
    world.now += timedelta(minutes=1)
    if change == "move":
        world.move(booking.number, booking.arrival, booking.departure + timedelta(days=1))
    if change == "cancel":
        world.cancel(booking.number)
    call = SENDERS["smoobu"].call(Smoobu(world), booking.number, URL, "x y")
    assert json.loads(call.body)["action"] == f"{action}Reservation"
    assert call.url == f"{URL}?key=x+y"
    assert "signature" not in {name.lower() for name in call.headers}


def test_a_simulator_has_a_sender_for_each_kind_of_proof() -> None:
    assert SENDERS.keys() == {"hospitable", "lodgify", "smoobu"}
    assert all(issubclass(each, Simulator) for each in (Hospitable, Lodgify, Smoobu))
