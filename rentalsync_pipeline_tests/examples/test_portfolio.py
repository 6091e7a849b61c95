"""The example portfolio tells the story that its README promises, and no other."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rentalsync_pipeline.calendars.completeness import failure
from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.registry import channels
from rentalsync_pipeline.control.written.config import load
from rentalsync_pipeline.core.conflicts import CERTAINTY, Certainty
from rentalsync_pipeline.core.model import Booking, Kind
from rentalsync_pipeline.core.verdict import Reason

EXAMPLES = Path(__file__).parents[2] / "examples"
MORNING = datetime.fromisoformat("2026-11-20T08:00:00+01:00")
CHANNELS = channels()
PORTFOLIO = load(EXAMPLES / "rentalsync.yaml", channels=CHANNELS.keys(), env={})
CONNECTIONS = PORTFOLIO.rows("connections")
ZONES = {slug: str(row["timezone"]) for slug, row in PORTFOLIO.rows("listings").items()}
BROKEN = "machiya-airbnb"

UPCOMING = {
    "seehaus-airbnb": [
        "block 2026-11-19 4",
        "reservation 2026-12-11 4",
        "reservation 2026-12-23 5",
        "reservation 2027-02-12 7",
        "block 2027-05-15 7",
        "horizon 2027-10-31 20",
    ],
    "seehaus-booking": [
        "unknown 2026-11-19 4",
        "unknown 2027-01-08 3",
        "unknown 2027-03-19 5",
        "horizon 2027-11-01 201",
    ],
    "seehaus-fewo-direkt": [
        "reservation 2026-12-28 7",
        "block 2027-01-25 4",
        "reservation 2027-05-15 7",
        "reservation 2027-07-24 14",
    ],
    "seehaus-private": [
        "unknown 2026-12-04 2",
        "unknown 2027-01-18 3",
        "unknown 2027-02-05 2",
        "unknown 2027-03-12 2",
        "unknown 2027-04-02 2",
        "unknown 2027-05-07 2",
    ],
    "loft-airbnb": [
        "block 2026-11-18 4",
        "reservation 2026-11-24 5",
        "block 2026-12-24 3",
        "reservation 2026-12-29 4",
        "reservation 2027-01-15 3",
        "reservation 2027-03-05 7",
        "reservation 2027-03-12 3",
        "horizon 2027-09-01 80",
    ],
    "loft-vrbo": [
        "reservation 2026-12-31 4",
        "reservation 2027-02-05 4",
        "block 2027-04-01 4",
        "tentative 2027-04-16 3",
    ],
    "villa-abritel": [
        "reservation 2026-12-19 7",
        "block 2027-01-11 5",
        "reservation 2027-02-20 7",
        "tentative 2027-07-03 7",
    ],
    "villa-ownerrez": [
        "reservation 2026-11-27 4",
        "reservation 2026-12-26 7",
        "reservation 2027-04-24 7",
    ],
    "machiya-booking": [
        "unknown 2026-11-21 3",
        "unknown 2026-12-05 3",
        "unknown 2026-12-08 2",
        "horizon 2027-10-01 232",
    ],
    "machiya-expedia": [
        "reservation 2026-12-24 3",
        "reservation 2027-01-03 3",
        "unknown 2027-02-10 3",
    ],
    "studio-website": [
        "unknown 2026-11-25 1",
        "unknown 2026-11-26 1",
        "unknown 2026-11-27 1",
        "unknown 2026-12-20 1",
        "unknown 2026-12-21 1",
        "unknown 2027-02-16 1",
    ],
}
"""What each calendar holds from that morning on: kind, arrival, nights."""


def _body(connection: str) -> bytes:
    return (EXAMPLES / str(CONNECTIONS[connection]["url"])).read_bytes()


def _bookings(connection: str) -> list[Booking]:
    """What a sync of that morning reads, by arrival, without what is over."""
    row = CONNECTIONS[connection]
    zone = ZONES[str(row["listing"])]
    today = MORNING.astimezone(ZoneInfo(zone)).date()
    reading = CHANNELS[str(row["channel"])].read(_body(connection), ReadContext(zone, today))
    assert reading.rejected == ()
    upcoming = (booking for booking in reading.bookings if booking.check_out > today)
    return sorted(upcoming, key=lambda booking: booking.check_in)


def _nights(bookings: list[Booking]) -> set[date]:
    return {each.check_in + timedelta(days=n) for each in bookings for n in range(each.nights)}


def _of_listing(slug: str) -> list[tuple[str, Booking]]:
    ids = [name for name, each in CONNECTIONS.items() if each["listing"] == slug and name != BROKEN]
    return [(name, booking) for name in ids for booking in _bookings(name)]


def test_every_calendar_is_used_and_every_connection_has_one() -> None:
    files = {f"calendars/{path.name}" for path in (EXAMPLES / "calendars").glob("*.ics")}
    assert files == {each["url"] for each in CONNECTIONS.values()}
    assert len(CONNECTIONS) == 12


@pytest.mark.parametrize("connection", sorted(CONNECTIONS.keys() - {BROKEN}))
def test_a_calendar_reads_as_the_story_says(connection: str) -> None:
    assert failure(_body(connection)) is None
    seen = [f"{each.kind} {each.check_in} {each.nights}" for each in _bookings(connection)]
    assert seen == UPCOMING[connection]


def test_exactly_one_answer_is_broken() -> None:
    broken = {name: failure(_body(name)) for name in CONNECTIONS}
    reasons = {name: failed.reason for name, failed in broken.items() if failed}
    assert reasons == {BROKEN: Reason.NOT_A_CALENDAR}


def test_exactly_one_pair_of_guests_has_the_same_nights() -> None:
    conflicts = [
        (one, first.code, other, second.guest_name, certainty)
        for slug in ZONES
        for (one, first), (other, second) in combinations(_of_listing(slug), 2)
        if first.check_in < second.check_out and second.check_in < first.check_out
        if (certainty := CERTAINTY.get((first.kind, second.kind)))
    ]
    assert conflicts == [("loft-airbnb", "HMT6L9RJSN", "loft-vrbo", "Miguel", Certainty.CERTAIN)]


@pytest.mark.parametrize(
    ("slug", "day"),
    [
        ("seehaus", "2026-12-28"),
        ("downtown-loft", "2027-03-12"),
        ("villa-etoile", "2026-12-26"),
        ("kyoto-machiya", "2026-12-08"),
    ],
)
def test_guests_leave_and_arrive_on_the_same_day(slug: str, day: str) -> None:
    bookings = sorted((booking for _, booking in _of_listing(slug)), key=lambda each: each.check_in)
    meetings = {str(one.check_out) for one, other in pairwise(bookings) if one.check_out == other.check_in}
    assert day in meetings


def test_airbnb_s_blocks_at_the_lake_are_the_guests_of_other_channels() -> None:
    blocks = [each for each in _bookings("seehaus-airbnb") if each.kind is Kind.BLOCK]
    others = _bookings("seehaus-booking") + _bookings("seehaus-fewo-direkt")
    assert _nights(blocks) <= _nights(others)
    assert len(blocks) == 2


@pytest.mark.parametrize(
    ("connection", "end"),
    [
        ("seehaus-airbnb", MORNING.date() + timedelta(days=365)),
        ("loft-airbnb", MORNING.date() + timedelta(days=365)),
        ("seehaus-booking", date(2028, 5, 20)),
        ("machiya-booking", date(2028, 5, 20)),
    ],
)
def test_the_tails_end_where_the_channel_s_window_ends_on_that_morning(connection: str, end: date) -> None:
    assert _bookings(connection)[-1].check_out == end


def test_calendars_that_are_stamped_when_fetched_bear_that_morning() -> None:
    for name in CONNECTIONS.keys() - {BROKEN}:
        stamps = set(re.findall(rb"DTSTAMP:(\d{8}T\d{4})", _body(name)))
        assert stamps in ({b"20261120T0655"}, set())


def test_the_examples_are_invented() -> None:
    """No line of a calendar that a channel really wrote: codes and ids are not those of our samples."""
    samples = Path(__file__).parents[3] / "shared" / "samples"
    if not samples.is_dir():
        pytest.skip("the samples lie beside the repository, and are not here")
    secret = re.compile(rb"UID:\S+|HM[A-Z0-9]{8}")
    real = {found for path in samples.glob("*.ics") for found in secret.findall(path.read_bytes())}
    ours = {found for name in CONNECTIONS for found in secret.findall(_body(name))}
    assert not {found for found in ours & real if not re.match(rb"UID:\d", found)}
