"""Which records are one stay, and which pairs of stays are a double booking."""

from __future__ import annotations

from datetime import date

import pytest

from rentalsync_pipeline_tests.operations.dialects import (
    Nights,
    airbnb,
    block,
    booking_com,
    closed,
    other,
    reservation,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import Row, Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3, "Anna")


def open_conflicts(town: Town) -> list[Row]:
    return town.table("SELECT certainty, first_night, last_night FROM conflicts WHERE resolved IS NULL")


def test_one_code_in_two_calendars_is_one_stay_with_the_best_of_both(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-ical", other(ANNA))
    town.apply()
    town.sync()
    (event,) = town.events("loft")
    assert event.nights == nights("2026-12-01", 3)
    assert event.summary == "Anna"
    assert "Phone (Last 4):" in event.description
    sources = town.table("SELECT connection, rule, fields FROM stay_sources ORDER BY connection")
    assert [(row["connection"], row["rule"]) for row in sources] == [
        ("loft-airbnb", "code"),
        ("loft-ical", "code"),
    ]
    assert "phone_last4" in sources[0]["fields"]
    assert "guest_name" in sources[1]["fields"]
    assert open_conflicts(town) == []


def test_a_stay_of_two_calendars_reaches_neither_of_them_again(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-ical", other(ANNA))
    town.connect("loft-booking-com", booking_com())
    town.apply()
    town.sync()
    assert town.nights("loft", "for-airbnb") == town.nights("loft", "for-ical") == set()
    assert town.nights("loft", "for-booking_com") == nights("2026-12-01", 3)


def test_a_second_calendar_with_the_code_keeps_the_event_as_it_is_called(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    (was,) = town.events("loft")
    town.connect("loft-ical", other(ANNA))
    town.apply()
    town.sync()
    (now,) = town.events("loft")
    assert now.uid == was.uid
    town.show(loft_airbnb=airbnb(ANNA.cancelled))
    town.sync()
    (still,) = town.events("loft")
    assert still.uid == was.uid


def test_calendars_that_disagree_hold_the_nights_of_both(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-ical", other(ANNA.moved("2026-12-02", 4)))
    town.apply()
    town.sync()
    assert town.nights("loft") == nights("2026-12-01", 5)
    assert len(town.events("loft")) == 1


def test_a_stay_that_moves_in_one_calendar_stays_one_with_the_other_s(town: Town) -> None:
    """The night that it has left waits beside it."""
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-ical", other(ANNA))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb(ANNA.moved("2026-12-02")))
    town.sync()
    assert town.table(
        "SELECT check_out, list_sort(list(connection)) AS told "
        "FROM stay_sources JOIN stays USING (stay) GROUP BY ALL ORDER BY ALL"
    ) == [
        {"check_out": date(2026, 12, 2), "told": ["loft-airbnb"]},
        {"check_out": date(2026, 12, 5), "told": ["loft-airbnb", "loft-ical"]},
    ]


def test_calendars_that_disagree_altogether_hold_the_nights_of_both(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-ical", other(ANNA.moved("2027-02-02", 4)))
    town.apply()
    town.sync()
    assert town.nights("loft") == nights("2026-12-01", 3) | nights("2027-02-02", 4)


def test_one_reservation_that_a_calendar_splits_in_two_is_no_double_booking(town: Town) -> None:
    halves = (reservation("R-1", "2026-12-01", 2, "Anna"), reservation("R-1", "2026-12-03", 2, "Anna"))
    town.connect("loft-ical", other(halves[0], halves[1]).replace("R-1@", "a@", 1))
    town.connect("loft-google", other(reservation("R-1", "2026-12-01", 4, "Anna")))
    town.apply()
    town.sync()
    assert town.nights("loft") == nights("2026-12-01", 4)
    assert open_conflicts(town) == []


def test_one_code_from_two_ota_s_proves_nothing(town: Town) -> None:
    described = f"SUMMARY:Reserved - Bea\r\nDESCRIPTION:Confirmation code: {ANNA.code}"
    bea = vrbo(reservation("bea", "2026-12-01", 3, "Bea")).replace("SUMMARY:Reserved - Bea", described)
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-fewo-direkt", bea)
    town.apply()
    town.sync()
    assert len(town.events("loft")) == 2
    assert [row["certainty"] for row in open_conflicts(town)] == ["certain"]


BEA = reservation("bea", "2026-12-01", 3, "Bea")
LATE = reservation("bea", "2026-12-03", 3, "Bea")
AFTER = reservation("bea", "2026-12-04", 3, "Bea")


@pytest.mark.parametrize(
    ("channel", "calendar", "certainty"),
    [
        ("fewo-direkt", vrbo(BEA), "certain"),
        ("fewo-direkt", vrbo(LATE), "certain"),
        ("fewo-direkt", vrbo(AFTER), None),
        ("fewo-direkt", vrbo(Nights(BEA.first, 3, "bea", "Bea", "tentative")), "possible"),
        ("fewo-direkt", vrbo(block("2026-12-01", 3)), None),
        ("booking-com", booking_com(closed("2026-12-03", 5)), "possible"),
        ("booking-com", booking_com(closed("2026-12-04", 5)), None),
    ],
)
def test_two_stays_on_one_night_are_a_double_booking(
    town: Town, channel: str, calendar: str, certainty: str | None
) -> None:
    """Anna's from 1 to 4 December on Airbnb, and somebody else's in the same sync; both stay."""
    town.connect("loft-airbnb", airbnb())
    town.connect(f"loft-{channel}", calendar.partition("BEGIN:VEVENT")[0] + "END:VCALENDAR\r\n")
    town.apply()
    town.sync()
    town.calendars |= {"loft-airbnb": airbnb(ANNA), f"loft-{channel}": calendar}
    town.sync()
    assert len(town.events("loft")) == 2
    assert [row["certainty"] for row in open_conflicts(town)] == ([certainty] if certainty else [])


def test_what_one_calendar_writes_over_itself_is_no_double_booking(town: Town) -> None:
    """Booking.com was seen to write a closure over another event."""
    town.connect("loft-booking-com", booking_com(closed("2026-12-01", 20), closed("2026-12-06", 1)))
    town.apply()
    town.sync()
    assert open_conflicts(town) == []


def test_a_channel_that_sells_the_nights_of_a_missing_guest_anew_has_not_sold_them_twice(town: Town) -> None:
    town.connect("loft-fewo-direkt", vrbo(BEA))
    town.apply()
    town.sync()
    town.show(loft_fewo_direkt=vrbo(reservation("ida", "2026-12-02", 3, "Ida")))
    town.sync()
    assert town.states() != {}
    assert open_conflicts(town) == []
    assert len(town.events("loft")) == 2


def test_the_ledger_keeps_a_double_booking_from_its_beginning_to_its_end(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-fewo-direkt", vrbo(LATE))
    town.apply()
    town.sync()
    began = town.now
    assert open_conflicts(town) == [
        {"certainty": "certain", "first_night": date(2026, 12, 3), "last_night": date(2026, 12, 3)}
    ]
    town.show(loft_fewo_direkt=vrbo(BEA))
    town.sync()
    assert open_conflicts(town) == [
        {"certainty": "certain", "first_night": date(2026, 12, 1), "last_night": date(2026, 12, 3)}
    ]
    town.show(loft_fewo_direkt=vrbo(BEA.cancelled))
    town.sync()
    (kept,) = town.table("FROM conflicts")
    assert kept["first_seen"].replace(tzinfo=began.tzinfo) == began
    assert kept["resolved"].replace(tzinfo=began.tzinfo) == town.now
    assert kept["resolution"] == "the nights are not shared any more"


def test_a_double_booking_stays_the_same_one_when_its_first_source_goes(town: Town) -> None:
    """Anna's stay is known since Airbnb told of it, though only the other calendar does so in the end."""
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    town.connect("loft-fewo-direkt", vrbo(LATE))
    town.apply()
    town.sync()
    town.connect("loft-ical", other(ANNA))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb(ANNA.cancelled))
    town.sync()
    assert town.table("SELECT resolved FROM conflicts") == [{"resolved": None}]


def test_a_double_booking_that_has_passed_is_none(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-fewo-direkt", vrbo(LATE))
    town.apply()
    town.sync()
    town.show(loft_fewo_direkt=vrbo(LATE, reservation("new", "2027-03-01", 1, "New")))
    town.sync(days=14)
    assert open_conflicts(town) == []
    assert town.table("SELECT resolution FROM conflicts") == [{"resolution": "the nights have passed"}]


def test_two_rooms_of_one_account_never_become_one_stay(town: Town) -> None:
    """Ids are unique within a connection, not across the listings that it may serve one after the other."""
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    for listing in ("villa", "attic", "loft"):
        town.listing(listing)
        town.connections["loft-airbnb"]["listing"] = listing
        town.apply()
        town.sync()
    for listing in ("villa", "attic", "loft"):
        assert town.nights(listing) == nights("2026-12-01", 3)
    uids = [event.uid for listing in town.listings for event in town.events(listing)]
    assert len(set(uids)) == 3
