"""Rooms of an account that no listing is mapped to: shown, disabled, made listings by who enables them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.control.written.merge import Action
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.operations.configuring.adopting import adopt
from rentalsync_pipeline.operations.watching.status import status
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.hotel import room
from rentalsync_pipeline_tests.operations.managers import Office, opened
from rentalsync_pipeline_tests.operations.town import Town, nights

pytestmark = pytest.mark.usefixtures("no_waiting")

PATH = "/api/listings"
MAPPED, HOMELESS = "house-01-a", "house-01-b"
STAY = nights("2026-12-20", 3)


@contextmanager
def managed(
    town: Town, channel: str, mapping: Callable[[dict[str, str]], dict[str, str]]
) -> Iterator[tuple[Office, dict[str, str]]]:
    """An account with a guest in each of two rooms, and their ids; `mapping` is what the file says."""
    with opened(town, channel) as office:
        its = town.connections["office"]
        rooms = {slug: upstream for upstream, slug in its["listings"].items()}
        its["listings"], town.listings = mapping(rooms), {}
        for slug in its["listings"].values():
            town.listing(slug)
        town.apply(prune=True)
        for slug in rooms:
            office.world.book(channel, room(slug, "2026-12-20", 3))
        office.sync()
        yield office, rooms


@pytest.fixture
def office(town: Town) -> Iterator[tuple[Office, dict[str, str]]]:
    """Of its two rooms one is mapped."""
    with managed(town, "smoobu", lambda rooms: {rooms[MAPPED]: MAPPED}) as office:
        yield office


@pytest.fixture
def served(town: Town, office: Any) -> Iterator[Served]:
    with serving(town) as served:
        yield served


def _found(served: Served) -> dict[str, Any]:
    """The room that is no listing."""
    disabled = served.get(PATH, params={"enabled": "false"}).json()["listings"]
    (found,) = [each for each in disabled if each["id"] > 10**9]
    return dict(found)


def test_a_room_that_is_mapped_to_nothing_is_shown_as_a_listing_that_is_not_enabled(
    served: Served, office: tuple[Office, dict[str, str]]
) -> None:
    upstream = office[1][HOMELESS]
    found = _found(served)
    assert (found["cloudbeds_id"], found["name"], found["enabled"]) == (upstream, upstream, False)
    assert (found["ical_url"], found["bookings_count"], found["timezone"]) == (None, 1, "Europe/Rome")
    assert served.get(PATH).json()["total"] == 2
    assert served.get(PATH, params={"enabled": "true"}).json()["total"] == 1
    path = f"{PATH}/{found['id']}"
    assert served.get(path).json().items() >= found.items()
    assert served.get(f"{path}/bookings").json()["total"] == 0
    assert served.get(f"{path}/custom-fields").json()["custom_fields"]
    served.ask("POST", f"{path}/sync", 404)
    served.get(f"{PATH}/{found['id'] + 1}", 404)


def test_who_enables_it_maps_it(served: Served, office: tuple[Office, dict[str, str]]) -> None:
    its, rooms = office
    number = _found(served)["id"]
    answer = served.ask("POST", f"{PATH}/{number}/enable", json={"enabled": True}).json()
    assert answer["message"] == "Listing enabled successfully"
    listing = served.get(f"{PATH}/{number}").json()
    assert (listing["cloudbeds_id"], listing["name"], listing["enabled"]) == (rooms[HOMELESS], HOMELESS, True)
    assert listing["id"] < 10**9
    assert served.get(PATH).json()["total"] == 2
    its.sync()
    (booking,) = served.get(f"{PATH}/{number}/bookings").json()["bookings"]
    assert booking["check_in_date"].startswith("2026-12-20")
    town = served.town
    assert (len(town.events(HOMELESS)), town.nights(MAPPED)) == (1, STAY)
    assert status(town.stores.control, town.now).unmapped == ()
    assert town.apply().counts.keys() == {Action.DRIFT}


@pytest.mark.parametrize(
    ("path", "body"),
    [("", {"name": "Studio"}), ("/custom-fields", {"custom_fields": []})],
    ids=["change", "fields"],
)
def test_so_does_who_changes_something_of_it(
    served: Served, office: tuple[Office, dict[str, str]], path: str, body: dict[str, Any]
) -> None:
    number = _found(served)["id"]
    served.ask("PUT", f"{PATH}/{number}{path}", json=body)
    listing = served.get(f"{PATH}/{number}").json()
    assert (listing["enabled"], listing["id"] < 10**9) == (False, True)
    assert served.town.stores.control.portfolio().connections[0].listings[office[1][HOMELESS]] == HOMELESS


def test_an_account_that_does_not_answer_leaves_its_id_for_a_name(
    served: Served, office: tuple[Office, dict[str, str]]
) -> None:
    its, rooms = office
    its.api.faults.add("server_error", times=None, value=404)
    number = _found(served)["id"]
    served.ask("POST", f"{PATH}/{number}/enable", json={"enabled": True})
    listing = served.get(f"{PATH}/{number}").json()
    assert (listing["name"], listing["ical_url_slug"]) == (rooms[HOMELESS], rooms[HOMELESS])


def test_only_an_admin_makes_a_listing_of_it(town: Town, office: Any) -> None:
    with serving(town) as served:
        number = _found(served)["id"]
    with serving(town, BridgeSettings()) as served:
        served.present(Role.OPERATOR)
        served.ask("POST", f"{PATH}/{number}/enable", 403, json={"enabled": True})
        assert _found(served)["id"] == number


def test_a_room_whose_house_is_a_listing_belongs_to_that_and_stays_there(town: Town) -> None:
    """Made a listing of its own, its next booking would be missing in the calendar of the house."""

    def by_house(rooms: dict[str, str]) -> dict[str, str]:
        return {rooms[MAPPED].partition("/")[0]: "villa"}

    with managed(town, "beds24", by_house) as (its, _rooms), serving(town) as served:
        assert town.nights("villa") == STAY
        assert served.get(PATH).json()["total"] == 1
        assert adopt(town.stores.control, "office", "a test", town.now) is None
        assert served.get(PATH).json()["total"] == 1
        its.world.book("beds24", room(HOMELESS, "2027-01-10", 2))
        its.sync()
        assert town.nights("villa") == STAY | nights("2027-01-10", 2)
