"""Dates, durations and offsets are understood in every form that producers give them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from rentalsync_pipeline.calendars.values import Moment, UnreadableError, duration, moment, offset


def clock(hour: int, minute: int, second: int = 0, *, ahead: timezone | None = None) -> datetime:
    """The first of August 2026 at a time."""
    return datetime(2026, 8, 1, hour, minute, second, tzinfo=ahead)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"20260801", date(2026, 8, 1)),
        (b" 2026-08-01 \n", date(2026, 8, 1)),
        (b"20260801T153045", clock(15, 30, 45)),
        (b"20260801t1530", clock(15, 30)),
        (b"2026-08-01 15:30:45.250", clock(15, 30, 45)),
        (b"20260801T153060", clock(15, 30, 59)),
        (b"20260801T153045Z", clock(15, 30, 45, ahead=UTC)),
        (b"20260801t153045z", clock(15, 30, 45, ahead=UTC)),
        (b"20260801T153045+0530", clock(15, 30, 45, ahead=timezone(timedelta(hours=5, minutes=30)))),
        (b"20260801T153045-04:00", clock(15, 30, 45, ahead=timezone(timedelta(hours=-4)))),
    ],
)
def test_a_date_or_time_in_its_forms(value: bytes, expected: Moment) -> None:
    assert repr(moment(value)) == repr(expected)


@pytest.mark.parametrize(
    "value",
    [b"", b"tomorrow", b"2026081", b"20260230", b"00000101", b"20260801T2530", b"20260801T1530+2400"],
)
def test_what_is_no_date_is_refused(value: bytes) -> None:
    with pytest.raises(UnreadableError):
        moment(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"P2W", timedelta(weeks=2)),
        (b"P3D", timedelta(days=3)),
        (b"P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        (b"-PT15M", timedelta(minutes=-15)),
        (b" +p1d\n", timedelta(days=1)),
        (b"PT1W", timedelta(weeks=1)),
    ],
)
def test_a_duration_in_its_forms(value: bytes, expected: timedelta) -> None:
    assert duration(value) == expected


@pytest.mark.parametrize("value", [b"", b"P", b"PT", b"3D", b"P3", b"P9999999D", b"P1Y", b"P1.5D"])
def test_what_is_no_duration_is_refused(value: bytes) -> None:
    with pytest.raises(UnreadableError):
        duration(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"+0200", timedelta(hours=2)),
        (b"-0330", timedelta(hours=-3, minutes=-30)),
        (b"+000921", timedelta(minutes=9, seconds=21)),
        (b"+02:00", timedelta(hours=2)),
        (b"-2359", timedelta(hours=-23, minutes=-59)),
    ],
)
def test_an_offset_in_its_forms(value: bytes, expected: timedelta) -> None:
    assert offset(value) == expected


@pytest.mark.parametrize("value", [b"", b"0200", b"+2400", b"+9900", b"+02"])
def test_what_is_no_offset_is_refused(value: bytes) -> None:
    with pytest.raises(UnreadableError):
        offset(value)
