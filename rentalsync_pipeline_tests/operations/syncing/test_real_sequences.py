"""Answers that the channels really gave one after the other, at the moments at which they gave them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from rentalsync_pipeline_tests.operations.town import Town, nights

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"the real exports are not at {SAMPLES}")


def answered(town: Town, channel: str, sample: str, at: datetime | None = None) -> None:
    """Let the channel answer as in the sample, at its DTSTAMP unless told otherwise, and sync."""
    text = (SAMPLES / f"{sample}.ics").read_bytes().decode()
    stamp = re.search(r"DTSTAMP:(\d{8}T\d{6})Z", text)
    town.now = at or datetime.strptime(f"{stamp[1]}+0000" if stamp else "", "%Y%m%dT%H%M%S%z")
    if not town.connections:
        town.connect(f"loft-{channel}")
        town.apply()
    town.calendars[f"loft-{channel}"] = text
    town.sync(minutes=0)


def test_airbnb_s_cut_block_and_growing_tail_are_no_news(town: Town) -> None:
    answered(town, "airbnb", "airbnb_04")
    before = town.files()
    for sample in ("airbnb_05", "airbnb_06"):
        answered(town, "airbnb", sample)
        assert town.files() == before
    assert town.nights("loft") == (
        nights("2025-08-10", 12) | nights("2025-08-25", 10) | nights("2025-09-20", 7)
    )


def test_airbnb_s_cancelled_guest_goes_when_two_answers_agree_and_comes_back_as_a_block(town: Town) -> None:
    answered(town, "airbnb", "airbnb_01")
    guest = nights("2025-07-15", 4)
    assert guest <= town.nights("loft")
    answered(town, "airbnb", "airbnb_02")
    assert guest <= town.nights("loft")
    answered(town, "airbnb", "airbnb_02", at=town.now + timedelta(minutes=30))
    assert not guest & town.nights("loft")
    answered(town, "airbnb", "airbnb_03")
    assert guest <= town.nights("loft")
    assert [event.summary for event in town.events("loft") if event.nights == guest] == ["Blocked"]


def test_booking_com_s_merged_closures_free_nothing(town: Town) -> None:
    answered(town, "booking-com", "bookingcom_03")
    assert date(2026, 8, 17) not in town.nights("loft")
    answered(town, "booking-com", "bookingcom_04")
    merged = town.files()
    assert nights("2026-08-14", 17) <= town.nights("loft")
    answered(town, "booking-com", "bookingcom_05")
    assert town.files() == merged
    assert town.table("FROM changes WHERE NOT busy") == []


def test_booking_com_s_empty_calendar_at_midnight_is_not_believed(town: Town) -> None:
    answered(town, "booking-com", "bookingcom_06")
    before = town.files()
    answered(town, "booking-com", "bookingcom_07", at=town.now + timedelta(hours=1))
    assert town.log()["loft-booking-com"]["verdict"] == "quarantined"
    answered(town, "booking-com", "bookingcom_08")
    assert town.log()["loft-booking-com"]["verdict"] == "accepted"
    assert town.files() == before


def test_a_guest_who_moves_within_airbnb_stays_the_same_event(town: Town) -> None:
    answered(town, "airbnb", "airbnb_12_altered_1", at=datetime.fromisoformat("2026-02-21T21:58:03+00:00"))
    (was,) = town.events("loft")
    answered(town, "airbnb", "airbnb_12_altered_2", at=datetime.fromisoformat("2026-05-18T04:01:09+00:00"))
    assert town.nights("loft") == nights("2026-05-19", 5)  # what the guest gave up waits for a second answer
    town.sync(minutes=31)
    (moved,) = town.events("loft")
    assert (moved.uid, moved.sequence) == (was.uid, was.sequence + 1)
    assert moved.nights == nights("2026-05-21", 3)
