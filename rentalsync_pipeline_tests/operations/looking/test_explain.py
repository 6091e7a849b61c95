"""Any night can be traced to the answers that made it so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rentalsync_pipeline.core.absence import CAUSES, Cause
from rentalsync_pipeline.core.matching import Rule
from rentalsync_pipeline.operations.looking.citing import cited
from rentalsync_pipeline.operations.looking.explain import explain
from rentalsync_pipeline.operations.looking.explanation import Explanation
from rentalsync_pipeline.operations.reading import UnknownError
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
from rentalsync_pipeline_tests.operations.town import MORNING, Town

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
OWNERS = block("2026-12-15", 2)
NIGHT = date(2026, 12, 2)
A_YEAR = timedelta(days=364)
"""Airbnb sells no further."""


@pytest.fixture
def loft(town: Town) -> Town:
    """Anna has booked on Airbnb, and the owner has closed two nights there."""
    town.connect("loft-airbnb", airbnb(ANNA, OWNERS))
    town.apply()
    town.sync(minutes=0)
    return town


def told(town: Town, night: date = NIGHT) -> Explanation:
    return explain(town.stores.control, "loft", night)


def test_before_the_first_sync_nothing_is_known_of_a_night(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    found = told(town)
    assert (found.busy, found.since, found.stays, found.formerly) == (False, None, (), ())


def test_a_listing_that_is_not_configured_is_named_with_the_nearest(loft: Town) -> None:
    with pytest.raises(UnknownError, match="`lofd`; did you mean `loft`"):
        explain(loft.stores.control, "lofd", NIGHT)


def test_a_busy_night_leads_to_the_stay_the_booking_and_the_bytes(loft: Town) -> None:
    found = told(loft)
    (stay,) = found.stays
    (source,) = stay.sources
    assert (found.busy, found.since) == (True, MORNING)
    assert stay.uid == loft.events("loft")[0].uid
    assert (stay.code, stay.check_in, stay.check_out) == ("HMANNA2345", ANNA.first, ANNA.end)
    assert (source.connection, source.state, source.rule) == ("loft-airbnb", "present", Rule.DISTINCT)
    assert (source.evidence.asked, source.evidence.run_id) == (MORNING, "run-1")
    body = loft.stores.bodies.read(source.evidence.body or "")
    assert body is not None
    assert b"HMANNA2345" in body


def test_the_night_of_the_departure_is_free(loft: Town) -> None:
    assert not told(loft, ANNA.end).busy


def test_two_records_with_one_code_are_one_stay_by_that_rule(loft: Town) -> None:
    loft.connect("loft-ical", other(reservation("HMANNA2345", "2026-12-01", 3, "Anna")))
    loft.apply()
    loft.sync()
    (stay,) = told(loft).stays
    assert {source.rule for source in stay.sources} == {Rule.CODE}
    fields = {source.connection: source.fields for source in stay.sources}
    assert "dates" in fields["loft-airbnb"]
    assert fields["loft-ical"] == ("guest_name",)


def test_a_missing_booking_still_points_at_the_answer_that_brought_it(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(OWNERS))
    loft.sync()
    (stay,) = told(loft).stays
    (source,) = stay.sources
    assert (source.state, source.evidence.run_id) == ("missing", "run-1")


def test_a_night_that_was_freed_tells_who_held_it_and_why_no_longer(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(OWNERS))
    loft.sync(minutes=15)
    loft.sync(minutes=45)
    found = told(loft)
    (former,) = found.formerly
    assert (found.busy, found.since) == (False, loft.now)
    assert (former.connection, former.code, former.held_until) == ("loft-airbnb", "HMANNA2345", loft.now)
    assert (former.cause, former.why) == (Cause.CONFIRMED_ABSENT, CAUSES[Cause.CONFIRMED_ABSENT])
    assert (former.first_seen, former.evidence.run_id) == (MORNING, "run-3")


def test_a_block_that_was_withdrawn_says_so(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA))
    loft.sync()
    (former,) = told(loft, OWNERS.first).formerly
    assert former.cause is Cause.BLOCK_WITHDRAWN


def test_a_stay_that_moved_says_where_to(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA.moved(first="2026-12-05"), OWNERS))
    loft.sync()
    (former,) = told(loft).formerly
    assert former.cause is Cause.MOVED_AWAY
    assert former.why == "its dates changed to 2026-12-05 to 2026-12-08"
    assert told(loft, date(2026, 12, 6)).busy


def test_a_stay_that_moved_and_came_back_has_no_past(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA.moved(first="2026-12-05"), OWNERS))
    loft.sync()
    loft.show(loft_airbnb=airbnb(ANNA, OWNERS))
    loft.sync()
    found = told(loft)
    assert (found.busy, found.since, found.formerly) == (True, MORNING, ())


def test_nights_that_a_person_let_go_have_no_answer_as_evidence(loft: Town) -> None:
    loft.connect("loft-booking-com", booking_com())
    del loft.connections["loft-airbnb"]
    loft.apply(prune=True, free_nights=True)
    loft.sync()
    (former,) = told(loft).formerly
    assert (former.cause, former.evidence.asked, former.evidence.body) == (Cause.FREED_BY_PERSON, None, None)
    assert former.evidence.run_id == "run-2"


def test_a_night_held_twice_names_the_conflict(loft: Town) -> None:
    loft.connect("loft-fewo-direkt", vrbo(reservation("ben", "2026-12-02", 2, "Ben")))
    loft.apply()
    loft.sync()
    found = told(loft)
    assert len(found.stays) == 2
    assert found.conflicts == (1,)
    assert told(loft, ANNA.first).conflicts == ()


def test_the_end_of_what_a_channel_sells_holds_nothing_and_is_told(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA, tail("2027-09-01", loft.today + A_YEAR)))
    loft.sync()
    found = told(loft, date(2027, 10, 1))
    assert (found.busy, found.beyond) == (False, ("loft-airbnb",))


def test_our_own_event_that_came_back_is_told_as_an_echo(loft: Town) -> None:
    feed = loft.path("loft", "busy")
    assert feed
    loft.connect("loft-ical", feed.read_text(encoding="utf-8"))
    loft.apply()
    loft.sync()
    (stay,) = told(loft).stays
    assert {source.connection: source.rule for source in stay.sources} == {
        "loft-airbnb": Rule.DISTINCT,
        "loft-ical": Rule.OWN_UID,
    }


def words(town: Town, night: date = NIGHT) -> Explanation:
    return cited(town.stores.control, told(town, night))


def test_the_very_event_is_cited_for_who_asks_for_it_and_for_nobody_else(loft: Town) -> None:
    ((source,),) = [stay.sources for stay in words(loft).stays]
    event = source.evidence.event
    assert event
    assert event.encode() in (loft.home.folder / "loft-airbnb.ics").read_bytes()
    assert event.startswith("BEGIN:VEVENT")
    assert "HMANNA2345" in event
    assert event.count("BEGIN") == event.count("END:VEVENT") == 1
    assert all(source.evidence.event is None for stay in told(loft).stays for source in stay.sources)


def test_a_night_that_became_free_cites_what_had_held_it_and_names_what_ended_it(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(OWNERS))
    loft.sync(minutes=15)
    loft.sync(minutes=45)
    (former,) = words(loft).formerly
    assert (former.told.run_id, former.evidence.run_id) == ("run-1", "run-3")
    assert "HMANNA2345" in (former.told.event or "")
    assert former.evidence.event is None


def test_nights_that_a_reservation_left_cite_the_event_as_it_was(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA.moved(first="2026-12-05"), OWNERS))
    loft.sync()
    ((source,),) = [stay.sources for stay in words(loft).stays]
    assert (source.state, source.missing_since) == ("missing", loft.now)
    assert "20261201" in (source.evidence.event or "")


def test_a_closure_whose_id_is_another_by_now_is_found_by_its_nights(town: Town) -> None:
    closure = closed("2026-11-18", 9)
    town.connect("loft-booking-com", booking_com(closure, closed("2026-12-18", 9), today=town.today))
    town.apply()
    town.sync()
    town.show(
        loft_booking_com=booking_com(closure, closed("2026-12-18", 9), today=town.today + timedelta(days=1))
    )
    town.sync(days=1)
    ((source,),) = [stay.sources for stay in words(town, date(2026, 11, 24)).stays]
    assert "DTEND;VALUE=DATE:20261127" in (source.evidence.event or "")


def test_a_body_that_retention_has_taken_is_said_to_be_gone(loft: Town) -> None:
    evidence = told(loft).stays[0].sources[0].evidence
    loft.stores.bodies.drop(evidence.body or "")
    ((source,),) = [stay.sources for stay in words(loft).stays]
    assert (source.evidence.is_kept, source.evidence.event) == (False, None)
