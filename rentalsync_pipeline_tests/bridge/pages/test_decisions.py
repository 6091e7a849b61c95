"""Deciding about double bookings and answers that are not believed, in the pages."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.operations.deciding.quarantines import quarantines
from rentalsync_pipeline.operations.looking.conflicts import conflicts, to_confirm
from rentalsync_pipeline_tests.bridge.pages.village import GUESTS
from rentalsync_pipeline_tests.bridge.pages.visitor import Meet
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.dialects import airbnb, block
from rentalsync_pipeline_tests.operations.town import Town, nights

MILL = nights("2026-11-24", 5)


def test_a_double_booking_stands_there_with_who_was_first_and_what_to_do(meet: Meet, village: Served) -> None:
    page = meet(village).open("/admin/conflicts").text
    assert "Downtown Loft, Sun 29 Nov 2026" in page
    assert "Decide who keeps the nights; the former was first seen 20" in page
    assert "FeWo-direkt / Vrbo: a reservation, sold twice" in page
    assert "To confirm" in page


def test_a_double_booking_that_is_dealt_with_can_be_taken_back(meet: Meet, village: Served) -> None:
    visitor, town = meet(village), village.town
    (found,) = conflicts(town.stores.control, town.now)
    place = f"/admin/conflicts/{found.id}"
    visitor.open("/admin/conflicts")
    visitor.send(f"{place}/resolve")
    assert "standalone mode said" in visitor.page.text
    assert "Waits for the next sync" in visitor.page.text
    town.sync()
    assert conflicts(town.stores.control, town.now) == []
    page = visitor.open("/admin/conflicts?all=true").text
    assert "Carried out." in page
    visitor.send(f"{place}/reopen")
    town.sync()
    assert [each.id for each in conflicts(town.stores.control, town.now)] == [found.id]


def test_what_waits_can_be_taken_back_too(meet: Meet, village: Served) -> None:
    visitor, town = meet(village), village.town
    (found,) = to_confirm(town.stores.control, town.now)
    place = f"/admin/conflicts/{found.id}"
    visitor.open("/admin/conflicts")
    visitor.send(f"{place}/resolve", verdict="echo")
    visitor.send(f"{place}/reopen")
    town.sync()
    assert [each.id for each in to_confirm(town.stores.control, town.now)] == [found.id]


def test_two_reservations_are_not_called_one_in_a_page_either(meet: Meet, village: Served) -> None:
    visitor, town = meet(village), village.town
    (found,) = conflicts(town.stores.control, town.now)
    visitor.open("/admin/conflicts")
    visitor.send(f"/admin/conflicts/{found.id}/resolve", 409, verdict="echo")
    assert "neither is a copy" in visitor.page.text
    assert town.stores.control.waiting() == []


def test_a_quarantine_shows_what_its_release_would_free(meet: Meet, village: Served) -> None:
    visitor = meet(village)
    assert "mill-airbnb" in visitor.open("/admin/quarantine").text
    (held,) = quarantines(village.town.stores.control)
    page = visitor.open(f"/admin/quarantine/{held.id}").text
    assert "a calendar without any event" in page
    assert "Tue 24 Nov – Sat 28 Nov 2026: <strong>becomes free" in page
    assert "2026-11-24: becomes free" in page
    assert "held by mill-booking-com" in page


def test_of_a_long_closure_so_many_nights_are_drawn_as_fit(meet: Meet, town: Town) -> None:
    town.connect("loft-airbnb", airbnb(*GUESTS, block("2027-01-04", 100)))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb())
    town.sync()
    with serving(town) as served:
        page = meet(served).open("/admin/quarantine/1").text
    assert "Fri 1 Jan – Wed 3 Mar 2027 (44 more follow)" in page
    assert "Mon 4 Jan – Tue 13 Apr 2027: <strong>becomes free" in page


@pytest.mark.parametrize(("decision", "is_free"), [("release", True), ("reject", False)])
def test_a_quarantine_is_decided_about_with_a_reason(
    meet: Meet, village: Served, decision: str, is_free: bool
) -> None:
    visitor, town = meet(village), village.town
    (held,) = quarantines(town.stores.control)
    place = f"/admin/quarantine/{held.id}"
    visitor.open(place)
    visitor.send(f"{place}/decide", decision=decision, why="two  rooms\nare closed")
    assert "“two rooms are closed”" in visitor.page.text
    assert "Waits for the next sync" in visitor.page.text
    town.sync()
    assert MILL.isdisjoint(town.nights("mill")) is is_free
    assert "Carried out." in visitor.open(place).text


def test_a_quarantine_that_has_ended_is_not_decided_about(meet: Meet, village: Served) -> None:
    visitor, town = meet(village), village.town
    (held,) = quarantines(town.stores.control)
    visitor.open(f"/admin/quarantine/{held.id}")
    town.show(mill_airbnb=airbnb(*GUESTS))
    town.sync()
    visitor.send(f"/admin/quarantine/{held.id}/decide", 404)
    assert "no quarantine" in visitor.page.text
    assert "Restored" in visitor.open(f"/admin/quarantine/{held.id}").text
    assert visitor.forms() == []


def test_deciding_is_for_operators(meet: Meet, guarded: Served) -> None:
    visitor, control = meet(guarded), guarded.town.stores.control
    visitor.sign_in(Role.READ)
    (held,) = quarantines(control)
    (found,) = conflicts(control, guarded.town.now)
    for path in ("/admin/conflicts", f"/admin/quarantine/{held.id}"):
        visitor.open(path)
        assert len(visitor.forms()) == 1
    proof = visitor.forms()[0][1]["proof"]
    for path, fields in (
        (f"/admin/conflicts/{found.id}/resolve", {"verdict": "real"}),
        (f"/admin/conflicts/{found.id}/reopen", {}),
        (f"/admin/quarantine/{held.id}/decide", {"decision": "release"}),
    ):
        assert visitor.client.post(path, data={**fields, "proof": proof}).status_code == 403
    assert control.waiting() == []
