"""What channels rewrite about one and the same occupation, and what of it is news."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from rentalsync_pipeline_tests.operations.dialects import (
    Nights,
    airbnb,
    block,
    booking_com,
    closed,
    other,
    reservation,
    tail,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)


def body_of(town: Town, uid: str) -> bytes:
    """The octets of one event in the owner's feed."""
    path = town.path("loft", "owner")
    assert path
    events = path.read_bytes().split(b"BEGIN:VEVENT")
    return next(event for event in events if uid.encode() in event)


def test_a_moved_airbnb_reservation_stays_the_same_event(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA, BEN))
    town.apply()
    town.sync()
    annas, bens = town.events("loft")
    bytes_of_anna = body_of(town, annas.uid)
    town.show(loft_airbnb=airbnb(ANNA, BEN.moved("2026-12-11", 4)))
    town.sync()
    (moved,) = (event for event in town.events("loft") if event.uid == bens.uid)
    assert (moved.uid, moved.nights) == (bens.uid, nights("2026-12-11", 4))
    assert moved.sequence == bens.sequence + 1
    assert (bens.modified, moved.modified) == (town.now - timedelta(minutes=15), town.now)
    assert body_of(town, annas.uid) == bytes_of_anna
    assert town.log()["loft-airbnb"]["updated"] == 1


def test_only_the_feeds_that_show_a_change_are_written(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-booking-com", booking_com(closed("2026-12-20", 2)))
    town.connect("villa-airbnb", airbnb(BEN))
    town.apply()
    town.sync()
    before = town.files()
    town.show(loft_airbnb=airbnb(ANNA.moved(count=4)))
    town.sync()
    written = {name.rpartition("-")[0] for name, file in town.files().items() if file != before[name]}
    assert written == {"private/loft-owner", "public/loft-busy", "public/loft-for-booking_com"}


def test_a_reservation_that_moves_to_days_of_its_own_is_told_night_by_night(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb(ANNA.moved("2026-12-03", 3)))
    town.sync()
    town.sync(minutes=30)
    changed = town.table("SELECT busy, first_night, last_night, run_id FROM changes WHERE run_id <> 'run-1'")
    assert changed == [
        {"busy": True, "first_night": date(2026, 12, 4), "last_night": date(2026, 12, 5), "run_id": "run-2"},
        {"busy": False, "first_night": date(2026, 12, 1), "last_night": date(2026, 12, 2), "run_id": "run-3"},
    ]


def test_a_vrbo_guest_whose_id_changes_with_the_dates_stays_the_same_event(town: Town) -> None:
    town.connect("loft-fewo-direkt", vrbo(reservation("first-id", "2026-12-01", 3, "Cleo")))
    town.apply()
    town.sync()
    (was,) = town.events("loft")
    town.show(loft_fewo_direkt=vrbo(reservation("second-id", "2026-12-01", 5, "Cleo")))
    town.sync()
    (now,) = town.events("loft")
    assert (now.uid, now.nights) == (was.uid, nights("2026-12-01", 5))


def test_a_reservation_whose_id_changes_is_known_by_its_code(town: Town) -> None:
    town.connect("loft-ical", other(reservation("R-1", "2026-12-01", 3, "Cleo")))
    town.apply()
    town.sync()
    (was,) = town.events("loft")
    town.show(loft_ical=other(reservation("R-1", "2026-12-02", 4, "Cleo")).replace("R-1@", "new-uid@"))
    town.sync()
    town.sync(minutes=30)
    (now,) = town.events("loft")
    assert (now.uid, now.nights) == (was.uid, nights("2026-12-02", 4))


def test_a_running_closure_that_is_cut_every_midnight_is_no_news(town: Town) -> None:
    """Booking.com writes it from today on, each day under a new UID."""
    running, later = closed("2026-11-18", 8), closed("2026-12-20", 3)
    town.connect("loft-booking-com")
    town.apply()
    before = None
    for _ in range(5):
        town.show(loft_booking_com=booking_com(running, later, today=town.today))
        town.sync()
        before = before or town.files()
        assert town.files() == before
        town.sync(days=1, minutes=-15)
    assert town.table("SELECT count(*) AS n FROM changes WHERE run_id <> 'run-1'") == [{"n": 0}]
    assert town.table("SELECT count(*) AS n FROM bookings") == [{"n": 2}]


def test_a_closure_that_grows_over_its_neighbour_and_shrinks_again_frees_nothing(town: Town) -> None:
    """Booking.com writes adjacent occupations as one event or as two, within hours."""
    first, second = closed("2026-12-14", 3), closed("2026-12-17", 14)
    both = closed("2026-12-14", 17)
    town.connect("loft-booking-com")
    town.apply()
    for calendar in (booking_com(first, second), booking_com(both)) * 3:
        town.show(loft_booking_com=calendar)
        town.sync()
        assert town.nights("loft") == nights("2026-12-14", 17)
    assert town.table("FROM changes WHERE NOT busy") == []


def test_names_given_long_ago_are_not_given_twice(town: Town) -> None:
    """A closure's id is made of its start: the same id can found another occupation later."""
    town.connect("loft-booking-com")
    town.apply()
    for shown in (
        [closed("2026-12-05", 4)],
        [closed("2026-12-04", 5)],
        [closed("2026-12-04", 1), closed("2026-12-05", 4)],
        [closed("2026-12-04", 1), closed("2026-12-06", 3)],
        [closed("2026-12-04", 1), closed("2026-12-05", 1), closed("2026-12-06", 3)],
        [closed("2026-12-04", 1), closed("2026-12-07", 2), closed("2026-12-06", 1)],
        [closed("2026-12-04", 1), closed("2026-12-05", 1), closed("2026-12-06", 1), closed("2026-12-07", 2)],
    ):
        town.show(loft_booking_com=booking_com(*shown))
        town.sync()
        expected = {night for each in shown for night in nights(str(each.first), each.count)}
        assert town.nights("loft") == expected
        uids = [event.uid for event in town.events("loft")]
        assert len(uids) == len(set(uids)) == len(shown)


def test_airbnb_s_cut_block_and_rolling_tail_rewrite_no_file_for_days(town: Town) -> None:
    """The block begins two days ago on each day, the tail ends in a year on each day, both with new ids."""
    town.connect("loft-airbnb")
    town.apply()
    ended, running = reservation("HMGONE2345", "2026-10-20", 3), block("2026-11-18", 10)
    before = None
    for day in range(6):
        horizon = town.today + timedelta(days=365)
        shown = [running, ANNA, tail("2027-09-01", horizon)] + ([ended] if day == 0 else [])
        town.show(loft_airbnb=airbnb(*shown, today=town.today))
        town.sync(minutes=0)
        before = before or town.files()
        left_the_window = town.today - timedelta(days=31) == ended.end
        assert (town.files() == before) is (not left_the_window)
        before = town.files()
        town.now += timedelta(days=1)
    assert town.nights("loft") == nights("2026-11-18", 10) | nights("2026-12-01", 3)
    assert town.table("FROM changes WHERE NOT busy") == []
    tails = town.table("SELECT check_out FROM bookings WHERE kind = 'horizon' AND state = 'present'")
    assert tails == [{"check_out": date(2027, 11, 25)}]


def test_a_block_that_an_older_answer_took_for_the_tail_is_published_once_the_horizon_has_passed(
    town: Town,
) -> None:
    """Equal bytes: only the day is another."""
    town.connect("loft-airbnb", airbnb(ANNA, block("2027-11-10", 10)))
    town.apply()
    town.sync()
    assert town.nights("loft") == nights("2026-12-01", 3)
    town.sync(days=2)
    assert town.nights("loft") == nights("2026-12-01", 3) | nights("2027-11-10", 10)


@pytest.mark.parametrize(
    ("channel", "write", "known", "season"),
    [
        ("airbnb", airbnb, block("2027-09-20", 6), "2027-10-01"),
        ("booking-com", booking_com, closed("2027-09-20", 6), "2027-10-01"),
    ],
)
def test_what_the_tail_swallows_stays_taken_until_the_tail_is_gone(
    town: Town, channel: str, write: Callable[..., str], known: Nights, season: str
) -> None:
    """Adjacent closures are written as one event: one that reaches the horizon looks like the tail."""
    horizon = town.today + timedelta(days=365 if channel == "airbnb" else 548)
    town.connect(f"loft-{channel}", write(known, tail(season, horizon)))
    town.apply()
    town.sync()
    before = town.files()
    for start in ("2027-09-20", "2027-09-10"):
        town.calendars[f"loft-{channel}"] = write(tail(start, horizon))
        town.sync()
        assert town.files() == before
        assert town.nights("loft") == nights("2027-09-20", 6)
    town.calendars[f"loft-{channel}"] = write(tail(season, horizon))
    town.sync()
    assert town.nights("loft") == set()
    assert {"cause": "block_withdrawn"} in town.table("SELECT cause FROM bookings WHERE kind <> 'horizon'")


def test_what_the_tail_gives_back_of_a_closure_is_free(town: Town) -> None:
    horizon = town.today + timedelta(days=548)
    town.connect("loft-booking-com", booking_com(closed("2027-09-20", 6)))
    town.apply()
    town.sync()
    town.show(loft_booking_com=booking_com(tail("2027-09-20", horizon)))
    town.sync()
    town.show(loft_booking_com=booking_com(tail("2027-09-23", horizon)))
    town.sync()
    assert town.nights("loft") == nights("2027-09-23", 3)


def test_a_block_without_end_is_told_for_three_years(town: Town) -> None:
    for_ever = block("2026-12-01", (date(9999, 12, 31) - date(2026, 12, 1)).days)
    town.connect("loft-fewo-direkt", vrbo(for_ever))
    town.apply()
    town.sync()
    (event,) = town.events("loft")
    assert event.end == for_ever.end
    assert town.table("SELECT first_night, last_night FROM changes") == [
        {"first_night": date(2026, 12, 1), "last_night": date(2029, 11, 19)}
    ]


def test_an_event_without_an_id_that_can_not_be_read_takes_nothing_from_others_without(town: Town) -> None:
    nameless = airbnb(ANNA, block("2026-12-20", 2)).replace("UID:7f662ec65913", "X-WAS:7f662ec65913")
    town.connect("loft-airbnb", nameless)
    town.apply()
    town.sync()
    before = town.nights("loft")
    town.show(loft_airbnb=nameless.replace("DTSTART;VALUE=DATE:20261220", "DTSTART;VALUE=DATE:2026X220"))
    town.sync(minutes=60)
    assert town.log()["loft-airbnb"]["rejected"] == 1
    assert town.nights("loft") == before
