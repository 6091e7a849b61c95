"""What a channel closes because it imported it is no stay of its own; what it sold by itself is."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.core.conflicts import Verdict
from rentalsync_pipeline.operations.looking.conflicts import Conflict, conflicts, to_confirm
from rentalsync_pipeline.operations.syncing.settle import UnresolvableError, reopen, resolve
from rentalsync_pipeline.operations.watching.status import status
from rentalsync_pipeline_tests.operations.dialects import (
    airbnb,
    block,
    booking_com,
    closed,
    other,
    reservation,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import Row, Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)
COPY = closed("2026-12-01", 3)
FAR = closed("2027-03-01", 1)
HELD = nights("2026-12-01", 3)


@pytest.fixture
def pair(town: Town) -> Town:
    """A listing on Airbnb and Booking.com that has been synced before anybody booked."""
    return opened(town)


def opened(town: Town, **options: object) -> Town:
    town.connect("loft-airbnb", airbnb())
    town.connect("loft-booking-com", booking_com(), **options)
    town.apply()
    town.sync()
    return town


def ledger(town: Town) -> list[str]:
    return [row["certainty"] for row in town.table("FROM conflicts WHERE resolved IS NULL")]


def rules(town: Town) -> list[Row]:
    return town.table("SELECT connection, rule FROM stay_sources ORDER BY ALL")


def test_what_booking_com_imported_from_us_is_an_echo_and_in_no_feed(pair: Town) -> None:
    pair.show(loft_airbnb=airbnb(ANNA))
    pair.sync()
    before = pair.files()
    pair.show(loft_booking_com=booking_com(COPY))
    pair.sync(minutes=150)
    assert pair.files() == before
    assert ledger(pair) == []
    assert rules(pair) == [
        {"connection": "loft-airbnb", "rule": "distinct"},
        {"connection": "loft-booking-com", "rule": "same_nights"},
    ]


def test_an_echo_goes_with_its_original_and_counts_by_itself_when_it_stays(pair: Town) -> None:
    pair.show(loft_airbnb=airbnb(ANNA))
    pair.sync()
    pair.show(loft_booking_com=booking_com(COPY))
    pair.sync(minutes=150)
    pair.show(loft_airbnb=airbnb(ANNA.cancelled))
    pair.sync()
    assert pair.nights("loft") == set()
    pair.sync(minutes=7 * 60)
    assert pair.nights("loft") == set()
    pair.sync(minutes=61)
    assert pair.nights("loft") == pair.nights("loft", "for-airbnb") == HELD
    assert pair.nights("loft", "for-booking_com") & HELD == set()
    assert ledger(pair) == []


def test_an_echo_that_goes_in_time_never_counts(pair: Town) -> None:
    pair.show(loft_airbnb=airbnb(ANNA))
    pair.sync()
    pair.show(loft_booking_com=booking_com(COPY, FAR))
    pair.sync(minutes=150)
    pair.show(loft_airbnb=airbnb(ANNA.cancelled))
    pair.sync()
    pair.show(loft_booking_com=booking_com(FAR))
    pair.sync(minutes=120)
    pair.sync(minutes=10 * 60)
    assert pair.nights("loft") == nights("2027-03-01", 1)


def test_a_weekend_sold_on_both_channels_in_one_sync_is_possibly_double(pair: Town) -> None:
    pair.show(loft_airbnb=airbnb(ANNA), loft_booking_com=booking_com(COPY))
    pair.sync()
    assert ledger(pair) == ["possible"]
    pair.sync(minutes=600)
    assert ledger(pair) == ["possible"]
    assert len(pair.events("loft")) == 2


def test_a_weekend_that_booking_com_sold_first_is_possibly_double(pair: Town) -> None:
    pair.show(loft_booking_com=booking_com(COPY))
    pair.sync()
    pair.show(loft_airbnb=airbnb(ANNA))
    pair.sync(minutes=300)
    assert ledger(pair) == ["possible"]
    assert len(pair.events("loft")) == 2


def test_a_guest_who_was_there_at_the_first_answer_is_no_copy_of_a_later_one(town: Town) -> None:
    town.connect("loft-airbnb", airbnb())
    town.connect("loft-booking-com", booking_com(COPY))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb(ANNA))
    town.sync(days=3)
    assert ledger(town) == ["possible"]


def test_a_channel_that_imports_nothing_has_no_copies(town: Town) -> None:
    opened(town, imports="nothing").show(loft_airbnb=airbnb(ANNA))
    town.sync()
    town.show(loft_booking_com=booking_com(COPY))
    town.sync(minutes=180)
    assert ledger(town) == ["possible"]


@pytest.mark.parametrize(("source", "expected"), [("loft-airbnb", []), ("loft-fewo-direkt", ["possible"])])
def test_a_channel_may_import_from_named_connections_only(
    town: Town, source: str, expected: list[str]
) -> None:
    town.connect("loft-fewo-direkt", vrbo())
    opened(town, imports=[source]).show(loft_airbnb=airbnb(ANNA))
    town.sync()
    town.show(loft_booking_com=booking_com(COPY))
    town.sync()
    assert ledger(town) == expected


def test_a_closure_on_the_nights_of_several_stays_mirrors_them(pair: Town) -> None:
    pair.connect("loft-fewo-direkt", vrbo())
    pair.apply()
    pair.sync()
    pair.show(loft_airbnb=airbnb(ANNA), loft_fewo_direkt=vrbo(reservation("bea", "2026-12-04", 4, "Bea")))
    pair.sync()
    pair.show(loft_booking_com=booking_com(closed("2026-12-01", 7)))
    pair.sync(minutes=120)
    assert len(pair.events("loft")) == 2
    assert ledger(pair) == []
    assert [row["rule"] for row in rules(pair)] == ["distinct", "mirror", "mirror", "distinct"]


def test_the_nights_that_no_stay_explains_remain_a_block_of_the_same_name(pair: Town) -> None:
    pair.show(loft_airbnb=airbnb(ANNA))
    pair.sync()
    pair.show(loft_booking_com=booking_com(closed("2026-12-01", 9)))
    pair.sync(minutes=120)
    stay, rest = pair.events("loft")
    assert rest.nights == nights("2026-12-04", 6)
    assert rest.summary == "Blocked"
    assert pair.nights("loft", "for-airbnb") == rest.nights
    assert pair.nights("loft", "for-booking_com") == stay.nights
    assert ledger(pair) == []
    pair.show(loft_booking_com=booking_com(closed("2026-12-01", 8)))
    pair.sync()
    assert [event.uid for event in pair.events("loft")] == [stay.uid, rest.uid]


def test_a_guest_whose_stay_a_channel_writes_as_one_with_a_copy_stays_a_guest(pair: Town) -> None:
    pair.show(loft_airbnb=airbnb(ANNA))
    pair.sync()
    pair.show(loft_booking_com=booking_com(COPY))
    pair.sync(minutes=120)
    pair.show(loft_booking_com=booking_com(closed("2026-12-01", 5)))
    pair.sync()
    _, guest = pair.events("loft")
    assert guest.nights == nights("2026-12-04", 2)
    assert guest.summary.startswith("Reserved")
    assert pair.nights("loft", "for-airbnb") == guest.nights


def test_guests_on_both_sides_of_a_copy_that_a_channel_writes_as_one_stay_guests(pair: Town) -> None:
    pair.show(loft_airbnb=airbnb(ANNA), loft_booking_com=booking_com(closed("2026-11-28", 3)))
    pair.sync()
    pair.show(loft_booking_com=booking_com(closed("2026-11-28", 6)))
    pair.sync(minutes=120)
    pair.show(loft_booking_com=booking_com(closed("2026-11-28", 9)))
    pair.sync(minutes=120)
    before, anna, behind = pair.events("loft")
    assert (before.nights, anna.nights) == (nights("2026-11-28", 3), HELD)
    assert behind.nights == nights("2026-12-04", 3)
    assert pair.nights("loft", "for-airbnb") == before.nights | behind.nights
    assert ledger(pair) == []
    pair.show(loft_airbnb=airbnb(ANNA, BEN))
    pair.sync()
    pair.show(loft_airbnb=airbnb(ANNA, BEN.cancelled))
    pair.sync()
    assert pair.events("loft") == [before, anna, behind]


def test_a_closure_that_holds_a_part_of_a_stay_and_more_was_sold_by_itself(pair: Town) -> None:
    pair.show(loft_airbnb=airbnb(ANNA))
    pair.sync()
    pair.show(loft_booking_com=booking_com(closed("2026-12-03", 4)))
    pair.sync(minutes=30)
    assert ledger(pair) == ["possible"]


def test_preparation_around_an_imported_stay_is_a_part_of_the_echo(pair: Town) -> None:
    pair.show(loft_booking_com=booking_com(COPY))
    pair.sync()
    before = pair.files()
    pair.show(loft_airbnb=airbnb(block("2026-11-29", 7)))
    pair.sync(minutes=120)
    pair.sync(minutes=24 * 60)
    assert pair.files() == before
    pair.show(loft_airbnb=airbnb(block("2026-11-27", 9)))
    pair.sync()
    assert pair.nights("loft", "owner") >= nights("2026-11-27", 4) | HELD


@pytest.mark.parametrize("hours", [1, 5, 7, 72])
def test_who_is_sold_the_nights_of_a_copy_that_is_gone_is_no_copy(pair: Town, hours: int) -> None:
    pair.show(loft_airbnb=airbnb(ANNA, BEN))
    pair.sync()
    pair.show(loft_booking_com=booking_com(COPY, FAR))
    pair.sync(minutes=120)
    pair.show(loft_airbnb=airbnb(BEN))
    pair.sync()
    pair.show(loft_booking_com=booking_com(FAR))
    pair.sync(minutes=31)
    assert not HELD & pair.nights("loft", "busy")
    guest = closed("2026-11-30", 4)
    pair.show(loft_booking_com=booking_com(guest, FAR))
    pair.sync(minutes=60 * hours)
    assert guest.nights <= pair.nights("loft", "busy")


def test_what_an_owner_closes_beside_an_older_copy_is_no_preparation(pair: Town) -> None:
    pair.show(loft_booking_com=booking_com(COPY))
    pair.sync()
    pair.show(loft_airbnb=airbnb(block("2026-12-01", 3)))
    pair.sync(minutes=120)
    pair.show(loft_airbnb=airbnb(block("2026-11-29", 5)))
    pair.sync()
    assert pair.nights("loft", "busy") == nights("2026-11-29", 2) | HELD


def test_preparation_that_a_guest_came_upon_is_preparation_again_when_the_guest_is_gone(pair: Town) -> None:
    pair.show(loft_booking_com=booking_com(COPY))
    pair.sync()
    pair.show(loft_airbnb=airbnb(block("2026-11-29", 7)))
    pair.sync(minutes=120)
    before = pair.files()
    pair.show(loft_booking_com=booking_com(COPY, closed("2026-12-04", 2)))
    pair.sync()
    pair.show(loft_airbnb=airbnb(block("2026-11-29", 9)))
    pair.sync(minutes=120)
    pair.show(loft_booking_com=booking_com(COPY))
    pair.sync()
    pair.show(loft_airbnb=airbnb(block("2026-11-29", 7)))
    pair.sync(minutes=120)
    pair.sync(minutes=12 * 60)
    assert pair.nights("loft", "busy") == HELD
    assert before.keys() == pair.files().keys()


DAN = reservation("R-DAN", "2026-12-22", 4, "Dan")
EVA = reservation("R-EVA", "2027-02-01", 2, "Eva")
OWNERS_WEEK = block("2026-12-21", 5)


def test_a_block_of_a_first_answer_is_no_copy_of_what_was_cancelled_then(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(OWNERS_WEEK))
    town.connect("loft-ical", other(DAN.cancelled, EVA))
    town.apply()
    town.sync()
    town.show(loft_ical=other(DAN, EVA))
    town.sync()
    town.show(loft_ical=other(DAN.cancelled, EVA))
    town.sync()
    assert town.nights("loft", "busy") == nights("2026-12-21", 5) | nights("2027-02-01", 2)


def test_a_block_is_no_copy_of_what_our_feed_carried_long_before_it_and_again_after_it(town: Town) -> None:
    town.connect("loft-airbnb", airbnb())
    town.connect("loft-ical", other(DAN, EVA))
    town.apply()
    town.sync()
    town.show(loft_ical=other(DAN.cancelled, EVA))
    town.sync(days=1)
    town.show(loft_airbnb=airbnb(OWNERS_WEEK))
    town.sync(days=1)
    town.show(loft_ical=other(DAN, EVA))
    town.sync()
    town.show(loft_ical=other(DAN.cancelled, EVA))
    town.sync()
    assert town.nights("loft", "busy") == nights("2026-12-21", 5) | nights("2027-02-01", 2)


def test_preparation_between_two_imported_stays_is_that_of_both(pair: Town) -> None:
    pair.show(loft_booking_com=booking_com(COPY, closed("2026-12-10", 2)))
    pair.sync()
    before = pair.files()
    pair.show(loft_airbnb=airbnb(block("2026-11-28", 17)))
    pair.sync(minutes=120)
    assert pair.files() == before


def test_pairs_of_a_first_answer_are_echoes_that_a_person_is_asked_about(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA, BEN))
    town.connect("loft-booking-com", booking_com(COPY))
    town.apply()
    town.sync()
    assert town.nights("loft") == HELD | nights("2026-12-10", 2)
    assert len(town.events("loft")) == 2
    (asked,) = listed(town)
    assert conflicts(town.stores.control, town.now) == []
    assert asked.certainty == "to_confirm"
    assert {asked.first.connections, asked.second.connections} == {("loft-airbnb",), ("loft-booking-com",)}
    town.show(loft_airbnb=airbnb(ANNA))
    town.sync()
    assert [each.id for each in listed(town)] == [asked.id]


def test_a_pair_that_a_person_confirms_is_not_asked_about_again(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-booking-com", booking_com(COPY))
    town.apply()
    town.sync()
    say(town, Verdict.ECHO)
    town.sync(minutes=600)
    assert len(town.events("loft")) == 1
    (settled,) = listed(town, resolved=True)
    assert settled.resolution == "a person said that one is a copy of the other"


def test_a_pair_that_a_person_calls_real_is_two_stays_from_then_on(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-booking-com", booking_com(COPY))
    town.apply()
    town.sync()
    say(town, Verdict.REAL)
    assert len(town.events("loft")) == 2
    assert town.nights("loft", "for-airbnb") == HELD
    town.sync(minutes=600)
    assert len(town.events("loft")) == 2
    assert ledger(town) == []


def test_a_possible_double_booking_that_is_an_echo_leaves_the_feeds(pair: Town) -> None:
    pair.show(loft_airbnb=airbnb(ANNA), loft_booking_com=booking_com(COPY))
    pair.sync()
    say(pair, Verdict.ECHO)
    assert len(pair.events("loft")) == 1
    pair.show(loft_airbnb=airbnb(ANNA, BEN))
    pair.sync(minutes=600)
    assert len(pair.events("loft")) == 2
    assert ledger(pair) == []


@pytest.mark.parametrize("verdict", list(Verdict))
def test_what_was_said_of_a_double_booking_can_be_taken_back(pair: Town, verdict: Verdict) -> None:
    pair.show(loft_airbnb=airbnb(ANNA), loft_booking_com=booking_com(COPY))
    pair.sync()
    before = pair.nights("loft"), pair.events("loft"), ledger(pair)
    say(pair, verdict)
    (settled,) = listed(pair, resolved=True)
    assert settled.verdict is verdict
    reopen(pair.stores.control, settled.id, "a test", pair.now)
    pair.sync()
    assert ledger(pair) == before[2] == ["possible"]
    assert [event.uid for event in pair.events("loft")] == [event.uid for event in before[1]]
    (again,) = listed(pair)
    assert (again.id, again.verdict, again.resolution) == (settled.id, None, None)


def test_what_was_said_can_be_taken_back_before_a_sync_has_heard_of_it(pair: Town) -> None:
    pair.show(loft_airbnb=airbnb(ANNA), loft_booking_com=booking_com(COPY))
    pair.sync()
    (found,) = listed(pair)
    resolve(pair.stores.control, found.id, Verdict.ECHO, "a test", pair.now)
    reopen(pair.stores.control, found.id, "a test", pair.now)
    pair.sync()
    assert ledger(pair) == ["possible"]
    with pytest.raises(UnresolvableError, match="nothing to take back"):
        reopen(pair.stores.control, found.id, "a test", pair.now)


def test_two_reservations_are_never_called_one(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-fewo-direkt", vrbo(reservation("bea", "2026-12-01", 3, "Bea")))
    town.apply()
    town.sync()
    (found,) = listed(town)
    with pytest.raises(UnresolvableError, match="cancel one at its channel"):
        resolve(town.stores.control, found.id, Verdict.ECHO, "a test", town.now)
    say(town, Verdict.REAL)
    town.sync(minutes=600)
    assert ledger(town) == []
    assert len(town.events("loft")) == 2


def test_a_double_booking_that_is_away_for_an_hour_is_the_same_one(pair: Town) -> None:
    pair.show(loft_airbnb=airbnb(ANNA), loft_booking_com=booking_com(COPY))
    pair.sync()
    pair.show(loft_booking_com=booking_com(FAR))
    pair.sync(minutes=30)
    assert ledger(pair) == []
    pair.show(loft_booking_com=booking_com(COPY, FAR))
    pair.sync(minutes=60)
    assert ledger(pair) == ["possible"]
    assert len(pair.table("FROM conflicts")) == 1


def test_the_lag_of_a_destination_is_learned(pair: Town) -> None:
    pair.show(loft_airbnb=airbnb(ANNA))
    pair.sync()
    pair.show(loft_booking_com=booking_com(COPY))
    pair.sync(minutes=150)
    pair.show(loft_airbnb=airbnb(ANNA, BEN))
    pair.sync()
    pair.show(loft_booking_com=booking_com(COPY, closed("2026-12-10", 2)))
    pair.sync(minutes=90)
    (learned,) = status(pair.stores.control, pair.now).exposures
    assert (learned.channel, learned.imports) == ("booking_com", 2)
    assert (learned.median, learned.nine_of_ten) == (90 * 60, 150 * 60)


def listed(town: Town, *, resolved: bool = False) -> list[Conflict]:
    """What `rentalsync conflicts` lists."""
    control = town.stores.control
    return [
        *conflicts(control, town.now, resolved=resolved),
        *to_confirm(control, town.now, resolved=resolved),
    ]


def say(town: Town, verdict: Verdict) -> None:
    """A person answers about the one conflict there is, and a sync carries it out."""
    (found,) = listed(town)
    resolve(town.stores.control, found.id, verdict, "a test", town.now)
    town.sync()
    assert listed(town) == []
    assert town.stores.control.waiting() == []
