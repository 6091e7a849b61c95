"""Incidents of real channels, byte by byte, and what should have been kept through each.

They lie in `../shared/corpora/feedhistory/incidents`, which is not part of this project.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from rentalsync_pipeline.calendars.completeness import failure
from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline.core.nightset import NightSet, between
from rentalsync_pipeline.core.portfolio import AbsencePolicy
from rentalsync_pipeline.operations.trying.answers import Answer
from rentalsync_pipeline.operations.trying.rehearsal import Rehearsal

INCIDENTS = Path(__file__).parents[4] / "shared" / "corpora" / "feedhistory" / "incidents"

pytestmark = pytest.mark.skipif(
    not INCIDENTS.is_dir(), reason="the incidents of real channels are not beside this checkout"
)


def kept(incident: str, *fetched: str, days: int = 180) -> list[NightSet]:
    """The nights ahead that are kept after each answer of an incident; no answer may be doubted."""
    rehearsal = Rehearsal(AbsencePolicy())
    nights = []
    for path, moment in zip(sorted(INCIDENTS.glob(f"{incident}_*")), fetched, strict=True):
        asked, body = datetime.fromisoformat(moment).replace(tzinfo=UTC), path.read_bytes()
        reading = read_calendar(body, timezone="Europe/Rome", today=asked.date())
        rehearsal.take(Answer(asked, asked.date(), None if failure(body) else reading))
        nights.append(rehearsal.nights(asked.date()) & _ahead(fetched[0], days))
    assert rehearsal.quarantines == 0
    return nights


def _ahead(moment: str, days: int) -> NightSet:
    first = date.fromisoformat(moment[:10]) + timedelta(days=2)
    return between(first, first + timedelta(days=days))


def test_adjacent_stays_written_as_one_or_as_two_are_the_same_nights() -> None:
    moments = [f"2026-06-19T{hour}" for hour in ("15:55", "17:49", "19:26", "21:01", "22:43", "23:59")]
    assert len(set(kept("B_bk2", *moments, days=340))) == 1


def test_an_empty_body_costs_no_night() -> None:
    before, during, after = kept("C_ab1", "2026-02-25T23:05", "2026-02-26T05:13", "2026-02-26T08:03")
    assert before == during == after
    assert before.bit_count() > 100


def test_after_an_empty_body_only_what_truly_changed_does() -> None:
    before, during, after = kept("D_ab1", "2026-05-08T13:58", "2026-05-08T15:40", "2026-05-08T17:22")
    assert before == during
    assert after == before | between(date(2026, 5, 16), date(2026, 5, 17))


def test_blocks_that_flood_a_calendar_are_believed_and_so_is_their_end() -> None:
    before, during, after = kept("G_ab1", "2026-07-26T03:18", "2026-07-26T06:39", "2026-07-26T09:15")
    assert during.bit_count() == 180
    assert before == after
    assert before.bit_count() < 130


def test_a_tail_that_moves_on_is_no_change() -> None:
    nights = kept("H_bk1", "2025-10-24T21:10", "2025-10-24T22:11")
    assert all(before == after for before, after in pairwise(nights))
