"""The board, and a night explained."""

from __future__ import annotations

import re
from datetime import date

import pytest

from rentalsync_pipeline.bridge.pages import nights
from rentalsync_pipeline.bridge.pages.board import LANES, NIGHTS
from rentalsync_pipeline.channels.registry import channels
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.pages.visitor import Meet
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation, vrbo
from rentalsync_pipeline_tests.operations.town import Town


def cells(page: str, slug_number: int) -> dict[date, str]:
    """What the board says of each night of a listing."""
    found = re.findall(rf'/listings/{slug_number}/nights/[0-9-]+" aria-label="([0-9-]+): (.*?)"', page)
    return {date.fromisoformat(day): words for day, words in found}


def test_the_board_says_of_every_night_who_holds_it(meet: Meet, village: Served) -> None:
    page = meet(village).open("/admin/board").text
    keys = village.town.stores.control.listing_keys()
    loft = cells(page, keys["loft"])
    assert len(loft) == NIGHTS
    assert loft[date(2026, 11, 25)] == "free"
    assert loft[date(2026, 11, 26)] == "Airbnb: a reservation"
    assert loft[date(2026, 11, 29)] == "Airbnb: a reservation, sold twice"
    assert loft[date(2026, 12, 15)] == "Airbnb: blocked"
    assert loft[date(2026, 12, 4)] == "Booking.com: taken"
    villa = cells(page, keys["villa"])
    assert villa[date(2026, 12, 2)] == "Airbnb: a reservation, at villa-west"


def test_guests_are_not_on_the_board(meet: Meet, village: Served) -> None:
    page = meet(village).open("/admin/board").text
    assert not re.search("Ben Adler|Frida Holm|HMANNA", page)


def test_today_is_that_of_each_listing(meet: Meet, village: Served) -> None:
    village.town.now = village.town.now.replace(hour=3)
    page = meet(village).open("/admin/board?start=2026-11-19").text
    marked = re.findall(r'class="[^"]* today" title="([0-9-]+):', page)
    assert sorted(set(marked)) == ["2026-11-19", "2026-11-20"]
    assert marked.count("2026-11-19") == 1


@pytest.mark.parametrize(
    ("start", "first"),
    [
        ("2027-02-01", "2027-02-01"),
        ("", "2026-11-20"),
        ("9999-12-31", "2036-11-17"),
        ("0001-01-01", "2016-11-22"),
    ],
)
def test_the_board_starts_where_it_is_asked_to(meet: Meet, village: Served, start: str, first: str) -> None:
    assert f"nights from {first}<" in meet(village).open(f"/admin/board?start={start}").text


def test_many_listings_are_shown_in_parts(meet: Meet, town: Town) -> None:
    for n in range(LANES + 3):
        town.connect(f"unit{n:02}-airbnb", airbnb())
    town.apply()
    with serving(town) as served:
        visitor = meet(served)
        first = visitor.open("/admin/board?q=unit").text
        second = visitor.open("/admin/board?q=unit&part=2").text
    assert [page.count('scope="row"') for page in (first, second)] == [LANES, 3]
    assert f"{LANES + 3} listings" in second
    assert "/admin/board?q=unit&amp;part=2" in first


def test_a_night_is_explained_down_to_the_answer(meet: Meet, guarded: Served) -> None:
    visitor = meet(guarded)
    visitor.sign_in(Role.READ)
    number = guarded.town.stores.control.listing_keys()["loft"]
    page = visitor.open(f"/admin/listings/{number}/nights/2026-11-29").text
    assert "Held twice" in page
    assert "HMANNA2345" in page
    assert "Ben Adler" in page
    assert page.count("told of it first on") == 2
    assert "Reservation URL" not in page
    assert (
        "nothing was ever known" in visitor.open(f"/admin/listings/{number}/nights/2027-03-01").text.lower()
    )


def test_of_a_guest_a_night_shows_no_more_than_the_name(meet: Meet, town: Town) -> None:
    wrote = "Ida Berg ida@example.org +39 333 123 4567"
    town.connect("loft-fewo-direkt", vrbo(reservation("ida", "2026-12-01", 2, wrote)))
    town.apply()
    town.sync()
    with serving(town) as served:
        page = meet(served).open("/admin/listings/1/nights/2026-12-01").text
        answer = served.get("/api/listings/1/bookings").text
    for shown in (page, answer):
        assert "Ida Berg" in shown
        assert not re.search("ida@example|333 123", shown)


def test_the_night_of_a_house_says_which_room_holds_it(meet: Meet, village: Served) -> None:
    number = village.town.stores.control.listing_keys()["villa"]
    assert ", at villa-west." in meet(village).open(f"/admin/listings/{number}/nights/2026-12-02").text


def test_a_night_that_became_free_says_why(meet: Meet, village: Served) -> None:
    village.town.show(west_airbnb=airbnb())
    village.town.sync()
    village.town.sync(minutes=24 * 60)
    number = village.town.stores.control.listing_keys()["villa-west"]
    page = meet(village).open(f"/admin/listings/{number}/nights/2026-12-02").text
    assert "It ended by the rule" in page


def test_a_night_is_found_by_typing_it(meet: Meet, village: Served) -> None:
    number = village.town.stores.control.listing_keys()["loft"]
    visitor = meet(village)
    visitor.open(f"/admin/listings/{number}/nights?night=2026-12-04")
    assert visitor.page.url.path == f"/admin/listings/{number}/nights/2026-12-04"
    visitor.open(f"/admin/listings/{number}/nights/soon", 422)
    visitor.open(f"/admin/listings/{number}/nights/0001-01-01", 422)


def test_every_channel_has_letters_and_a_colour_of_the_style_sheet() -> None:
    marks = [nights.mark(name) for name in channels()]
    assert {mark.color for mark in marks} <= set(range(1, 9))
    assert all(1 <= len(mark.letters) <= 2 for mark in marks)
    known = [mark for mark in marks if len(mark.letters) == 1]
    assert len({mark.color for mark in known}) == len({mark.letters for mark in known}) == len(known) == 6
