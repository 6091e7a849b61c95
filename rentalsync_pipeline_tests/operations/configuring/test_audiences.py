"""Who sees which nights, and how much of them."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from rentalsync_pipeline.operations.looking.listings import listings
from rentalsync_pipeline_tests.operations.dialects import (
    airbnb,
    block,
    booking_com,
    closed,
    other,
    reservation,
    tail,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import MORNING, Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
OWNERS = block("2026-12-10", 2)
CLOSED = closed("2026-12-20", 3)
CLEO = reservation("cleo", "2027-01-05", 2, "Cleo")
HORIZON = MORNING.date() + timedelta(days=365)
FAR_OFF = closed("2027-11-01", (date(2028, 5, 20) - date(2027, 11, 1)).days)

ANNAS, BLOCKED = nights("2026-12-01", 3), nights("2026-12-10", 2)
CLOSED_NIGHTS, CLEOS = nights("2026-12-20", 3), nights("2027-01-05", 2)


@pytest.fixture
def loft(town: Town) -> Town:
    """Three channels tell of the loft, and two of them close all that lies behind their booking window."""
    town.connect("loft-airbnb", airbnb(ANNA, OWNERS, tail("2027-09-01", HORIZON)))
    town.connect("loft-booking-com", booking_com(CLOSED, FAR_OFF))
    town.connect("loft-fewo-direkt", vrbo(CLEO))
    return town


def test_each_audience_sees_what_it_did_not_tell(loft: Town) -> None:
    loft.apply()
    loft.sync()
    everything = ANNAS | BLOCKED | CLOSED_NIGHTS | CLEOS
    assert loft.nights("loft", "owner") == everything
    assert loft.nights("loft", "busy") == everything
    assert loft.nights("loft", "for-airbnb") == CLOSED_NIGHTS | CLEOS
    assert loft.nights("loft", "for-booking_com") == ANNAS | BLOCKED | CLEOS
    assert loft.nights("loft", "for-fewo_direkt") == ANNAS | BLOCKED | CLOSED_NIGHTS


def test_a_channel_that_was_connected_once_keeps_its_feed_and_the_listing_says_why(loft: Town) -> None:
    loft.apply()
    loft.sync()
    del loft.connections["loft-airbnb"]
    loft.connections["loft-fewo-direkt"]["enabled"] = False
    loft.apply(prune=True)
    loft.sync()
    assert loft.nights("loft", "for-airbnb") == CLOSED_NIGHTS | CLEOS
    assert loft.nights("loft", "for-fewo_direkt") == ANNAS | BLOCKED | CLOSED_NIGHTS
    notes = {feed.audience: feed.note for feed in listings(loft.stores.control, "feeds")[0].feeds}
    assert {audience for audience, note in notes.items() if note} == {"for-airbnb", "for-fewo_direkt"}
    assert notes["for-airbnb"].startswith("Airbnb is not connected any more, but may still import this")
    loft.listing("loft", feed={"audiences": ["owner", "busy"]})
    loft.apply()
    loft.sync()
    assert loft.path("loft", "for-airbnb") is None


def test_the_owner_s_own_weeks_may_stay_with_the_owner(loft: Town) -> None:
    loft.listing("loft", feed={"blocks": "ignore"})
    loft.apply()
    loft.sync()
    assert loft.nights("loft", "owner") == ANNAS | BLOCKED | CLOSED_NIGHTS | CLEOS
    assert loft.nights("loft", "busy") == ANNAS | CLOSED_NIGHTS | CLEOS
    assert loft.nights("loft", "for-booking_com") == ANNAS | CLEOS


def test_the_public_feeds_say_when_and_nothing_else(loft: Town) -> None:
    loft.apply()
    loft.sync()
    public = ("busy", "for-airbnb", "for-booking_com", "for-fewo_direkt")
    said = {
        (event.summary, event.description) for audience in public for event in loft.events("loft", audience)
    }
    assert said == {("Not available", "")}
    for name, (octets, _) in loft.files().items():
        if name.startswith("public/"):
            assert not any(
                word in octets for word in (b"HMANNA", b"Cleo", b"airbnb.com", b"COLOR", b"tomato")
            )


def test_the_owner_sees_who_comes(loft: Town) -> None:
    loft.apply()
    loft.sync()
    summaries = [event.summary for event in loft.events("loft")]
    assert summaries == ["Reserved - HMANNA2345", "Blocked", "Reserved - Booking.com 12-20", "Cleo"]
    assert "Booking ID: HMANNA2345" in loft.events("loft")[0].description


def test_feeds_lie_where_only_their_readers_look(loft: Town) -> None:
    loft.apply()
    loft.sync()
    places = {name.rpartition("-")[0] for name in loft.files()}
    assert places == {
        "private/loft-owner",
        "public/loft-busy",
        "public/loft-for-airbnb",
        "public/loft-for-booking_com",
        "public/loft-for-fewo_direkt",
    }
    assert {path.name for path in loft.home.feeds.iterdir()} == {"private", "public", "manifest.json"}


def test_the_manifest_tells_what_is_published(loft: Town) -> None:
    loft.apply()
    loft.sync()
    feeds = json.loads((loft.home.feeds / "manifest.json").read_text())["feeds"]
    assert feeds.keys() == loft.files().keys()
    assert {entry["events"] for entry in feeds.values() if entry["audience"] == "owner"} == {4}
    assert {entry["last_change"] for entry in feeds.values()} == {loft.now.isoformat()}


def test_booking_com_never_gets_an_empty_calendar(town: Town) -> None:
    town.connect("loft-booking-com", booking_com(CLOSED))
    town.apply()
    town.sync()
    (sentinel,) = town.events("loft", "for-booking_com")
    assert sentinel.first > date(2036, 1, 1)
    assert town.nights("loft", "busy") == CLOSED_NIGHTS
    town.connect("loft-airbnb", airbnb(OWNERS))
    town.apply()
    town.sync()
    assert town.nights("loft", "for-booking_com") == BLOCKED
    town.show(loft_airbnb=airbnb(ANNA))
    town.sync()
    town.show(loft_airbnb=airbnb(ANNA.cancelled))
    town.sync()
    (again,) = town.events("loft", "for-booking_com")
    assert (again.uid, again.nights) == (sentinel.uid, sentinel.nights)
    assert again.sequence > sentinel.sequence


def test_a_stay_leaves_the_feeds_a_month_after_its_end(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA, reservation("HMLATE2345", "2027-03-01", 2)))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb(reservation("HMLATE2345", "2027-03-01", 2)))
    town.sync(days=14 + 31)
    assert (town.today - date(2026, 12, 4)).days == 31
    assert town.nights("loft") == nights("2027-03-01", 2)


def test_a_longer_look_back_brings_it_back(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA, reservation("HMLATE2345", "2027-03-01", 2)))
    town.apply()
    town.sync()
    town.sync(days=45)
    assert town.nights("loft") == nights("2027-03-01", 2)
    town.document["settings"] = {"past_days": 50}
    town.apply()
    town.sync()
    assert town.nights("loft") == ANNAS | nights("2027-03-01", 2)


def test_what_a_listing_looks_like_is_news_to_its_own_feeds_only(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("villa-airbnb", airbnb(OWNERS))
    town.apply()
    town.sync()
    before = town.files()
    town.listing("loft", name="Loft am Dom", timezone="Europe/Vienna")
    town.apply()
    town.sync()
    written = {name for name, file in town.files().items() if file != before[name]}
    assert written == {name for name in before if "/loft-" in name}


def test_a_guest_whose_namesake_leaves_the_window_stays_the_same_event(town: Town) -> None:
    """Two of one name share no door code; which of them bears the date does not change with time."""
    first, second = (reservation(f"R-{day}", day, 2, "Anna") for day in ("2026-12-05", "2027-01-20"))
    town.connect("loft-ical", other(first, second))
    town.apply()
    town.sync()
    assert [event.summary for event in town.events("loft")] == ["Anna", "Anna, 01\u201120"]
    (_, before) = town.events("loft")
    town.show(loft_ical=other(second))
    town.sync(days=50)
    assert town.events("loft") == [before]
