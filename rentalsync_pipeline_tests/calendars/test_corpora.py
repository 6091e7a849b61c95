"""The calendars that other projects keep as their hard cases: where three parsers agree, so do we.

They lie in `../shared/corpora`, which is not part of this project. `fixtures/calendars/corpora.csv` is the
table of what becomes of each.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from rentalsync_pipeline.calendars.completeness import failure
from rentalsync_pipeline.calendars.events import RawEvent, events
from rentalsync_pipeline.calendars.lines import unfold
from rentalsync_pipeline.calendars.nights import Clock, Nights
from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline.calendars.recurrence import Budget
from rentalsync_pipeline.calendars.values import UnreadableError
from rentalsync_pipeline.calendars.zones import Zones
from rentalsync_pipeline_tests.calendars.by_icalendar import HOME, TEXTS, events_of, nights_of, texts_of

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
MATRIX = CORPORA / "parser_matrix.csv"
OUTCOMES = Path(__file__).parents[1] / "fixtures" / "calendars" / "corpora.csv"
PARSERS = ("icalendar_7.3.0", "ical_14.3.1", "vobject_0.9.9")

pytestmark = pytest.mark.skipif(
    not CORPORA.is_dir(), reason="the calendars of others are not beside this checkout"
)


def table(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def agreed() -> list[tuple[str, int]]:
    """The files of which three parsers say the same, and how many events they found."""
    said = [(row["path"], {row[parser] for parser in PARSERS}) for row in table(MATRIX)]
    return [
        (path, int(outcomes.pop().partition("/")[2]))
        for path, outcomes in said
        if len(outcomes) == 1 and min(outcomes).startswith("ok:")
    ]


@pytest.mark.parametrize(("path", "count"), agreed())
def test_where_three_parsers_agree_so_do_we(path: str, count: int) -> None:
    body = (CORPORA / path).read_bytes()
    unfolded = unfold(body)
    clock = Clock(HOME, Zones(unfolded, Budget(1_000_000)))
    ours, theirs = list(events(unfolded)), events_of(body)

    assert len(ours) == len(theirs) == count
    assert [[event.text(name) for name in TEXTS] for event in ours] == list(map(texts_of, theirs))
    assert [nights(clock, event) for event in ours] == list(map(nights_of, theirs))


UNREAD = "collective+icalendar/src/icalendar/tests/calendars/multiple_calendar_components.ics"
"""Has an empty line within each line; nobody but icalendar reads it."""


@pytest.mark.filterwarnings("ignore::icalendar.error.GloballyUniqueTZIDGuessed")
@pytest.mark.parametrize("path", [row["path"] for row in table(MATRIX) if row["path"] != UNREAD])
def test_nothing_that_icalendar_reads_is_beyond_us(path: str) -> None:
    """Why it is no fallback: it has nothing to add, and nothing bounds its time."""
    body = (CORPORA / path).read_bytes()
    unfolded = unfold(body)
    clock = Clock(HOME, Zones(unfolded, Budget(1_000_000)))
    try:
        theirs = Counter(map(nights_of, events_of(body)))
    except (ValueError, AttributeError):
        pytest.skip("icalendar doesn't read it")
    del theirs[None]

    assert theirs <= Counter(nights(clock, event) for event in events(unfolded))


def nights(clock: Clock, event: RawEvent) -> Nights | None:
    try:
        return clock.nights(event.properties)
    except UnreadableError:
        return None


@pytest.mark.parametrize("row", table(OUTCOMES), ids=lambda row: row["path"])
def test_every_one_has_its_known_outcome(row: dict[str, str]) -> None:
    body = (CORPORA / row["path"]).read_bytes()

    fault = failure(body)
    reading = read_calendar(body, timezone=HOME.key, today=date(2026, 7, 7))

    reasons = sorted(Counter(rejected.reason for rejected in reading.rejected).items())
    assert row == {
        "path": row["path"],
        "gate": fault.reason.value if fault else "",
        "events": str(reading.events),
        "bookings": str(len(reading.bookings)),
        "rejected": " | ".join(f"{count} x {reason}" if count > 1 else reason for reason, count in reasons),
    }


def test_the_table_names_every_one() -> None:
    assert {row["path"] for row in table(OUTCOMES)} == {row["path"] for row in table(MATRIX)}
