"""Channels whose own API tells of bookings: Booking.com and Expedia for partners, Google for calendars."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rentalsync_pipeline_tests.operations.hotel import room
from rentalsync_pipeline_tests.operations.managers import Office, opened
from rentalsync_pipeline_tests.operations.town import Town, nights
from rentalsync_pipeline_tests.simulators.booking_com_records import CARD

pytestmark = pytest.mark.usefixtures("no_waiting")


def test_booking_com_brings_rooms_and_their_changes_and_keeps_no_card(town: Town) -> None:
    with opened(town, "booking_com") as office:
        two = room("house-01-a", "2026-12-04", 3), room("house-01-b", "2026-12-05", 1)
        sold = office.world.book("booking_com", *two)
        office.sync()
        assert office.nights() == nights("2026-12-04", 3)
        assert office.nights("house-01-b") == nights("2026-12-05", 1)
        assert [event.summary for event in town.events("house-01-a")] == [sold.guest.name]

        office.world.move(sold.number, date(2026, 12, 5), date(2026, 12, 8))
        office.sync()
        assert office.nights() == nights("2026-12-04", 4)
        office.sync(minutes=35)
        assert office.nights() == nights("2026-12-05", 3)

        office.world.cancel(sold.number)
        office.sync()
        assert office.nights() == set()
        assert office.leaks() == set()
        assert office.holding(CARD, sold.code) == {sold.code}


@pytest.mark.parametrize("answers_for_it", [True, False])
def test_what_arrived_is_acknowledged_once_it_is_safe_and_only_where_it_was_agreed(
    town: Town, answers_for_it: bool
) -> None:
    """In the sync after the one that has committed it."""
    with opened(town, "booking_com", acknowledge=answers_for_it) as office:
        sold = office.world.book("booking_com", room("house-01-a", "2026-12-04", 3))
        office.sync()
        assert office.api.acknowledged == {}
        office.sync()
        assert set(office.api.acknowledged) == ({sold.code} if answers_for_it else set())
        office.world.cancel(sold.number)
        office.sync()
        assert office.nights() == set()


def test_a_token_of_booking_com_lasts_an_hour(town: Town) -> None:
    with opened(town, "booking_com") as office:
        town.connections["office"]["credentials"] = office.api.client
        town.apply()
        office.world.book("booking_com", room("house-01-a", "2026-12-04", 3))
        office.sync()
        office.sync()
        assert len(office.api.tokens.issued) == 1
        office.sync(minutes=61)
        assert len(office.api.tokens.issued) == 2
        assert office.nights() == nights("2026-12-04", 3)


def test_expedia_is_looked_at_without_taking_anything(town: Town) -> None:
    """What is pending belongs to the property's own system; once that has it, it is ours to know."""
    with opened(town, "expedia") as office:
        sold = office.world.book("expedia", room("house-01-a", "2026-12-04", 3))
        office.sync()
        assert office.nights() == set()
        assert office.api.states == {}

        _confirm(office)
        office.sync()
        assert office.nights() == nights("2026-12-04", 3)
        assert [event.summary for event in town.events("house-01-a")] == [sold.guest.name]
        assert office.leaks() == set()

        office.sync(minutes=60 * 24 * 40)
        office.world.move(sold.number, date(2027, 2, 1), date(2027, 2, 3))
        _confirm(office)
        office.sync()
        assert office.nights() >= nights("2027-02-01", 2)


def test_expedias_cancellations_name_no_days_and_are_believed(town: Town) -> None:
    """The booking is too old by then to be told of beside its cancellation."""
    with opened(town, "expedia") as office:
        sold = office.world.book("expedia", room("house-01-a", "2027-03-04", 3))
        _confirm(office)
        office.sync()
        office.sync(minutes=60 * 24 * 40)
        assert office.nights() == nights("2027-03-04", 3)
        office.world.cancel(sold.number)
        _confirm(office)
        office.sync()
        assert office.nights() == set()


def test_expedia_says_with_200_that_the_password_is_wrong(town: Town) -> None:
    with opened(town, "expedia") as office:
        town.connections["office"]["credentials"] = {"username": "EQCdemo", "password": "wrong"}
        town.apply()
        office.sync()
        assert town.log()["office"]["reason"] == "unauthorised"


def test_google_tells_what_changed_since_a_token_and_begins_anew_when_that_is_too_old(town: Town) -> None:
    with opened(town, "google") as office:
        kept = office.world.block("google", "house-01-a", date(2026, 12, 24), date(2026, 12, 27))
        office.sync()
        assert office.nights() == nights("2026-12-24", 3)

        office.world.now += timedelta(minutes=1)
        office.world.block("google", "house-01-b", date(2026, 12, 10), date(2026, 12, 12))
        office.sync()
        assert office.nights("house-01-b") == nights("2026-12-10", 2)
        assert all("timeMin" not in asked.target for asked in office.api.asked)

        office.world.now += timedelta(minutes=1)
        office.world.unblock(kept.number)
        office.sync()
        assert office.nights() == set()

        office.world.now += timedelta(minutes=1)
        office.world.block("google", "house-01-a", date(2027, 2, 10), date(2027, 2, 12))
        office.sync(minutes=timedelta(days=40) / timedelta(minutes=1))
        assert office.nights() == nights("2027-02-10", 2)
        assert office.leaks() == set()


def _confirm(office: Office) -> None:
    """The property's own system takes whatever is pending."""
    for each in office.api._transactions():
        office.api.states[each] = "confirmed"
