"""Gate 2 tells a whole calendar from everything else that a channel answers with."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from rentalsync_pipeline.calendars.completeness import content_digest, failure, restamped
from rentalsync_pipeline.core.verdict import Reason

WHOLE = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VEVENT
UID:one@example.com
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20260801
DTEND;VALUE=DATE:20260803
SUMMARY:Reserved
END:VEVENT
END:VCALENDAR
"""
EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
EVENT = WHOLE[WHOLE.index(b"BEGIN:VEVENT") : WHOLE.index(b"END:VCALENDAR")]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(WHOLE, id="plain"),
        pytest.param(EMPTY, id="without events"),
        pytest.param(WHOLE.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(WHOLE.replace(b"\n", b"\r"), id="CR alone"),
        pytest.param(WHOLE.replace(b"\n", b"\r\n", 4), id="mixed line ends"),
        pytest.param(b"\xef\xbb\xbf" + WHOLE, id="byte order mark"),
        pytest.param(b"\r\n\r\n" + WHOLE.replace(b"\n", b"\n\n") + b"\n \n\n", id="blank lines"),
        pytest.param(WHOLE.lower(), id="lower case"),
        pytest.param(WHOLE.replace(b"VEVENT", b"VEV\n ENT"), id="folded"),
        pytest.param(WHOLE.replace(b"2.0", b"2.\x000") + b"\0\0", id="NULs"),
        pytest.param(WHOLE.replace(b"\n", b"  \n"), id="trailing blanks"),
        pytest.param(
            WHOLE.replace(b"BEGIN:VEVENT", b"PRODID:-//Other//EN\nVERSION:2.0\nBEGIN:VEVENT"),
            id="header doubled",
        ),
        pytest.param(WHOLE.rstrip(), id="no line end at the end"),
        pytest.param(b"<br />Warning: a notice\n" + WHOLE, id="noise before"),
    ],
)
def test_a_whole_calendar_passes(body: bytes) -> None:
    assert failure(body) is None


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (b"", Reason.EMPTY_BODY, ""),
        (b" \r\n\t\r\n", Reason.EMPTY_BODY, ""),
        (b"\xef\xbb\xbf\0\0", Reason.EMPTY_BODY, ""),
        (b"<!DOCTYPE html><title>Log in</title>", Reason.NOT_A_CALENDAR, "a web page"),
        (b'{"code":500,"message":"error"}', Reason.NOT_A_CALENDAR, "a JSON text"),
        (b'["error"]', Reason.NOT_A_CALENDAR, "a JSON text"),
        (b"Too many requests", Reason.NOT_A_CALENDAR, ""),
        (EVENT, Reason.NOT_A_CALENDAR, ""),
        (WHOLE[: WHOLE.index(b"END:VCALENDAR")], Reason.TORN, "it breaks off before its end"),
        (WHOLE[:-16], Reason.TORN, "it breaks off before its end"),
        (WHOLE[:90], Reason.TORN, "it breaks off before its end"),
        (WHOLE.replace(b"END:VEVENT\n", b""), Reason.TORN, "an event in it does not begin or end"),
        (WHOLE.replace(b"BEGIN:VEVENT\n", b""), Reason.TORN, "an event in it does not begin or end"),
        (WHOLE + EVENT, Reason.TORN, "it breaks off before its end"),
        (WHOLE + WHOLE, Reason.TORN, "several calendars in one answer"),
        (b"END:VCALENDAR\n" + WHOLE, Reason.TORN, "an event in it does not begin or end"),
    ],
)
def test_anything_else_fails_with_its_reason(body: bytes, reason: Reason, detail: str) -> None:
    found = failure(body)

    assert found is not None
    assert (found.reason, found.detail) == (reason, detail)


@pytest.mark.parametrize("length", range(len(WHOLE) - len("END:VCALENDAR\n") + 1))
def test_a_torn_tail_always_fails(length: int) -> None:
    assert failure(WHOLE[:length]) is not None


def test_a_restamped_calendar_has_the_same_content() -> None:
    made = datetime(2026, 1, 2, 11, 11, 12, tzinfo=timezone(timedelta(hours=1)))
    body = WHOLE.replace(b"SUMMARY:", b"SUMMARY:DTSTAMP:20260101T000000Z ")
    body = body.replace(b"UID:", b"dtstamp : 20260101T000000Z\nUID:")

    again = restamped(body, made)

    assert again.replace(b"20260102T101112Z", b"20260101T000000Z") == body
    assert again.count(b"20260102T101112Z") == 2
    assert content_digest(again) == content_digest(body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(WHOLE.replace(b"\n", b"\r\n"), id="other line ends"),
        pytest.param(WHOLE.replace(b"Reserved", b"Res\n erved"), id="other folds"),
        pytest.param(WHOLE.replace(b"DTSTAMP:2026", b"DTSTAMP:20\r\n 26"), id="folded DTSTAMP"),
        pytest.param(WHOLE.replace(b"DTSTAMP:", b"dtstamp;X-A=1:"), id="DTSTAMP with a parameter"),
        pytest.param(WHOLE.replace(b"DTSTAMP:20260101T000000Z\n", b""), id="without DTSTAMP"),
    ],
)
def test_how_lines_are_written_is_no_content(body: bytes) -> None:
    assert content_digest(body) == content_digest(WHOLE)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(WHOLE.replace(b"DTEND;VALUE=DATE:20260803", b"DTEND;VALUE=DATE:20260804"), id="dates"),
        pytest.param(WHOLE.replace(b"Reserved", b"Reserved - Ada"), id="text"),
        pytest.param(WHOLE.replace(b"UID:one", b"UID:two"), id="identity"),
        pytest.param(
            WHOLE.replace(b"SUMMARY:Reserved", b"SUMMARY:Reserved\n DTSTAMP:1"),
            id="a fold that looks like a DTSTAMP",
        ),
    ],
)
def test_what_is_said_is_content(body: bytes) -> None:
    assert content_digest(body) != content_digest(WHOLE)
