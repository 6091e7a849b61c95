"""A bad answer never frees a night."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.calendar import CalendarChannel
from rentalsync_pipeline.core.model import Reading
from rentalsync_pipeline.operations.stores import Scope
from rentalsync_pipeline_tests.operations.dialects import (
    airbnb,
    booking_com,
    closed,
    reservation,
    vrbo,
    without_end,
)
from rentalsync_pipeline_tests.operations.town import Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)
CLEO = reservation("cleo", "2026-12-20", 2, "Cleo")
WHOLE = airbnb(ANNA, BEN)

BAD = {
    "file_missing": None,
    "not_a_calendar": "<!DOCTYPE html><html><body>Please log in</body></html>",
    "not_a_calendar: JSON": '{"code":500,"message":"There was an error processing your request"}',
    "empty_body": "",
    "empty_body: blank": " \r\n",
    "torn": without_end(WHOLE),
    "torn: between events": WHOLE.removesuffix("END:VCALENDAR\r\n"),
    "torn: two calendars": WHOLE + WHOLE,
    "unreadable": WHOLE.replace("DTSTART;VALUE=DATE:2026", "DTSTART;VALUE=DATE:never"),
    "doubtful": airbnb(),
}


@pytest.fixture
def full(town: Town) -> Town:
    """A town in which Airbnb and Vrbo have told of their guests."""
    town.connect("loft-airbnb", WHOLE)
    town.connect("villa-fewo-direkt", vrbo(CLEO))
    town.apply()
    town.sync()
    return town


@pytest.fixture
def troubled(town: Town) -> Town:
    """A town of many homes, each of whose calendars begins to fail in a way of its own."""
    for number in range(len(BAD)):
        town.connect(f"home{number}-airbnb", WHOLE)
    town.connect("villa-fewo-direkt", vrbo(CLEO))
    town.apply()
    town.sync()
    town.calendars |= {f"home{number}-airbnb": bad for number, bad in enumerate(BAD.values())}
    return town


def test_a_bad_answer_changes_nothing_and_is_noted_with_its_reason(troubled: Town) -> None:
    before = troubled.files()
    for _ in range(3):
        troubled.sync(minutes=60)
        log = troubled.log()
        for number, bad in enumerate(BAD):
            noted = log[f"home{number}-airbnb"]
            verdict = "quarantined" if bad == "doubtful" else "failed"
            assert (bad, noted["verdict"], noted["reason"]) == (bad, verdict, bad.partition(":")[0])
            assert noted["created"] == noted["updated"] == noted["cancelled"] == noted["unchanged"] == 0
    assert troubled.files() == before
    assert troubled.table("SELECT DISTINCT state, misses FROM bookings") == [
        {"state": "present", "misses": 0}
    ]


def test_the_others_publish_all_the_same(troubled: Town) -> None:
    troubled.show(villa_fewo_direkt=vrbo(CLEO, reservation("dan", "2027-01-02", 2, "Dan")))
    troubled.sync()
    assert troubled.log()["villa-fewo-direkt"]["verdict"] == "accepted"
    assert troubled.nights("villa") == nights("2026-12-20", 2) | nights("2027-01-02", 2)


def test_what_comes_after_a_bad_answer_is_read_as_ever(full: Town) -> None:
    full.show(loft_airbnb=without_end(WHOLE))
    full.sync()
    full.show(loft_airbnb=airbnb(ANNA, BEN.moved(count=4)))
    full.sync()
    assert full.nights("loft") == nights("2026-12-01", 3) | nights("2026-12-10", 4)


def test_the_failures_in_a_row_are_counted_and_a_good_answer_ends_them(full: Town) -> None:
    full.show(loft_airbnb=None)
    full.sync()
    full.sync()
    state = full.stores.control.states()["loft-airbnb"]
    assert (state.failures, state.last_verdict, state.last_reason) == (2, "failed", "file_missing")
    full.show(loft_airbnb=WHOLE)
    full.sync()
    state = full.stores.control.states()["loft-airbnb"]
    assert (state.failures, state.last_verdict, state.last_reason) == (0, "unchanged", None)
    assert state.last_ok == full.now


def test_an_empty_calendar_is_believed_at_first(town: Town) -> None:
    town.connect("loft-airbnb", airbnb())
    town.apply()
    town.sync()
    assert town.log()["loft-airbnb"]["verdict"] == "accepted"
    assert town.nights("loft") == set()


def test_an_empty_calendar_is_believed_when_all_that_was_known_is_over(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(reservation("HMANNA2345", "2026-11-21", 2)))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb())
    town.sync(days=2)
    assert town.log()["loft-airbnb"]["verdict"] == "quarantined"
    town.sync(days=1)
    assert town.log()["loft-airbnb"]["verdict"] == "accepted"
    assert town.states() == {"HMANNA2345": "completed"}


def test_an_event_that_cannot_be_read_keeps_its_last_known_nights(full: Town) -> None:
    full.show(loft_airbnb=WHOLE.replace("DTEND;VALUE=DATE:20261212", "DTEND;VALUE=DATE:20261209"))
    full.sync()
    assert full.log()["loft-airbnb"]["rejected"] == 1
    full.sync(minutes=60)
    assert full.nights("loft") == nights("2026-12-01", 3) | nights("2026-12-10", 2)
    assert full.table("SELECT DISTINCT connection FROM rejections") == [{"connection": "loft-airbnb"}]


def test_a_calendar_that_breaks_its_reader_stops_no_other(
    full: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = CalendarChannel.read

    def breaks_on_airbnb(channel: CalendarChannel, body: bytes, context: ReadContext) -> Reading:
        if channel.name == "airbnb":
            raise RuntimeError("Anna Rossi, +39 333 1234567")
        return read(channel, body, context)

    full.show(loft_airbnb=airbnb(ANNA), villa_fewo_direkt=vrbo(CLEO.moved(count=3)))
    monkeypatch.setattr(CalendarChannel, "read", breaks_on_airbnb)
    full.sync()
    noted = full.log()["loft-airbnb"]
    assert (noted["verdict"], noted["reason"], noted["detail"]) == ("failed", "internal", "RuntimeError")
    assert full.nights("villa") == nights("2026-12-20", 3)
    assert full.nights("loft") == nights("2026-12-01", 3) | nights("2026-12-10", 2)


def test_an_answer_that_was_torn_on_its_way_to_the_warehouse_is_none(town: Town) -> None:
    """A power cut can leave a body shorter than it was written, or facts without a letter."""
    town.connect("loft-airbnb", WHOLE)
    town.connect("loft-booking-com", booking_com(closed("2026-12-20", 2)))
    town.apply()
    town.ask()
    bodies, facts = sorted(town.home.spool.rglob("*.body")), sorted(town.home.spool.rglob("*.json"))
    bodies[0].write_bytes(bodies[0].read_bytes()[:100])
    facts[1].write_bytes(b"")
    town.sync()
    assert town.nights("loft") == nights("2026-12-01", 3) | nights("2026-12-10", 2) | nights("2026-12-20", 2)
    assert not list(town.home.spool.rglob("*.json"))


def test_a_connection_that_fails_and_fails_is_left_alone_for_longer_and_longer(full: Town) -> None:
    """Here the file is there, but no calendar: as if a server answered with a login page for ever."""
    full.show(loft_airbnb="<html>log in</html>")
    asked = []
    for _ in range(16):
        full.sync(minutes=15, scope=Scope(due_only=True))
        asked.append("loft-airbnb" in full.log())
    assert asked[:5] == [True] * 5
    assert asked[5:9] == [False, True, False, False]
    state = full.stores.control.states()["loft-airbnb"]
    assert state.opened_until is not None

    full.sync(scope=Scope(connections=("loft-airbnb",)))
    assert "loft-airbnb" in full.log()
    full.show(loft_airbnb=WHOLE)
    full.sync(scope=Scope(connections=("loft-airbnb",)))
    state = full.stores.control.states()["loft-airbnb"]
    assert (state.failures, state.opened_until) == (0, None)
