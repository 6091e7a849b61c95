from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.calendars.writer import FeedEvent, FeedHeader, render
from rentalsync_pipeline.core.portfolio import Style
from rentalsync_pipeline.core.privacy import findings
from rentalsync_pipeline.publishing.privacy import Finding, scan

HEADER = FeedHeader("Loft, +1 415 555 0132", "America/New_York", Style.ALL_DAY, time(15), time(11))
UID = "aaaaaaaaaaaaaaaaaaaaaaaaaa"


def _event(
    summary: str = "Reserved", description: str = "", uid: str = UID, url: str | None = None
) -> FeedEvent:
    return FeedEvent(
        uid=uid,
        check_in=date(2026, 11, 20),
        check_out=date(2026, 11, 23),
        summary=summary,
        description=description,
        last_modified=datetime(2026, 11, 20, 7, tzinfo=UTC),
        url=url,
    )


@pytest.mark.parametrize(
    ("summary", "description", "kinds"),
    [
        ("Reserved - anna@example.org", "", ("e-mail address",)),
        ("Anna", "Notes: call me, +44 20 7946 0018", ("phone number",)),
        (
            "Anna",
            "Guests: 2\nNotes: 030 901 820 44\nmail: a.b@example.org",
            ("e-mail address", "phone number"),
        ),
        ("Anna", "x" * 58 + " anna@example.org", ("e-mail address",)),
    ],
)
def test_personal_data_is_found_wherever_an_event_holds_it(
    summary: str, description: str, kinds: tuple[str, ...]
) -> None:
    assert scan(render(HEADER, [_event(summary, description)])) == [Finding(UID, kinds)]


def test_a_finding_names_the_event_and_never_the_data() -> None:
    clean, dirty = _event(uid="b" * 26), _event("Anna 0049 7551 5550134")
    (finding,) = scan(render(HEADER, [clean, dirty, clean]))
    assert finding.uid == UID
    assert "5550134" not in repr(finding)


@pytest.mark.parametrize(
    "description",
    [
        "Phone (Last 4): 0082\nGuests: 2\nBooking ID: HMXR4B9TLE\nChannel: Airbnb\nCheck-in: 16:00",
        "Check-in: 2026-11-20 16:00\nhttps://admin.example.com/reservation/4021887365?lang=en",
    ],
)
def test_what_the_owner_feed_says_by_itself_is_no_finding(description: str) -> None:
    url = "https://www.vrbo.com/reservations/321654987321"
    assert scan(render(HEADER, [_event("Reserved - HMXR4B9TLE", description, url=url)])) == []


def test_a_code_of_digits_is_a_phone_number_unless_it_is_known() -> None:
    feed = render(HEADER, [_event("Reserved - 4021887365", "Booking ID: 4021887365")])
    assert scan(feed) == [Finding(UID, ("phone number",))]
    assert scan(feed, codes={"4021887365", ""}) == []


def test_a_known_code_hides_no_phone_number_that_contains_it() -> None:
    feed = render(HEADER, [_event("Anna", "Notes: +1 4155550132")])
    assert scan(feed, codes={"555"}) == [Finding(UID, ("phone number",))]


def test_the_listing_s_own_name_is_the_owner_s_to_choose() -> None:
    assert scan(render(HEADER, [_event()])) == []


@given(st.text("0123456789\u0663\uff11 +-.()[]@atATxä"))
def test_nothing_is_passed_over_that_the_patterns_know(words: str) -> None:
    event = f"BEGIN:VEVENT\r\nUID:{UID}\r\nDESCRIPTION:{words}\r\nEND:VEVENT\r\n"
    found = [kind for finding in scan(event.encode()) for kind in finding.kinds]
    assert found == sorted(findings(words))
