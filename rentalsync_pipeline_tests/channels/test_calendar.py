"""A calendar channel: asked over HTTP or read from a file, through gates 1 and 2, and read."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from rentalsync_pipeline.channels.base import ReadContext, Validators
from rentalsync_pipeline.channels.ical import CHANNEL
from rentalsync_pipeline.channels.wire.decoding import CAP
from rentalsync_pipeline.core.verdict import Reason
from rentalsync_pipeline_tests.channels.loopback import CALENDAR, NOW, client, only, query, reason

pytestmark = pytest.mark.anyio

EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nEND:VCALENDAR\r\n"


async def test_a_calendar_arrives_with_its_digest_and_validators(httpserver: HTTPServer) -> None:
    dated = {"ETag": 'W/"7"', "Last-Modified": "Fri, 20 Nov 2026 07:00:00 GMT"}
    httpserver.expect_request("/a.ics").respond_with_data(CALENDAR, headers=dated)
    async with client() as transport:
        answer = await only(CHANNEL.fetch(query(httpserver.url_for("/a.ics")), transport))

    assert answer.body == CALENDAR
    assert answer.content
    assert len(answer.content) == 64
    assert answer.validators == Validators('W/"7"', "Fri, 20 Nov 2026 07:00:00 GMT")
    assert (answer.connection, answer.http_status, answer.failure) == ("loft-ical", 200, None)
    assert answer.started == answer.ended == NOW
    assert httpserver.log[0][0].headers["Accept"] == "text/calendar, */*;q=0.1"


async def test_the_validators_of_the_last_time_are_sent_and_kept_when_nothing_changed(
    httpserver: HTTPServer,
) -> None:
    known = Validators('"7"', "Fri, 20 Nov 2026 07:00:00 GMT")
    httpserver.expect_request(
        "/a.ics", headers={"If-None-Match": '"7"', "If-Modified-Since": "Fri, 20 Nov 2026 07:00:00 GMT"}
    ).respond_with_data(status=304)
    async with client() as transport:
        answer = await only(CHANNEL.fetch(query(httpserver.url_for("/a.ics"), validators=known), transport))

    assert answer.not_modified
    assert (answer.body, answer.content, answer.failure) == (None, None, None)
    assert answer.validators == known


async def test_a_failed_answer_keeps_the_validators_of_the_last_good_one(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(status=404, headers={"ETag": '"error page"'})
    known = Validators('"7"')
    async with client() as transport:
        answer = await only(CHANNEL.fetch(query(httpserver.url_for("/a.ics"), validators=known), transport))

    assert answer.failure is not None
    assert (answer.failure.reason, answer.http_status) == (Reason.NOT_FOUND, 404)
    assert answer.validators == known


async def test_a_validator_that_no_client_may_send_is_not_kept(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(CALENDAR, headers={"ETag": '"für immer"'})
    async with client() as transport:
        answer = await only(CHANNEL.fetch(query(httpserver.url_for("/a.ics")), transport))

    assert answer.body == CALENDAR
    assert answer.validators == Validators()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", Reason.EMPTY_BODY),
        (b"\r\n \r\n", Reason.EMPTY_BODY),
        (b"<!doctype html><title>Log in</title>", Reason.NOT_A_CALENDAR),
        (b'{"code":500,"message":"There was an error processing your request"}', Reason.NOT_A_CALENDAR),
        (CALENDAR[:-40], Reason.TORN),
        (CALENDAR[:150], Reason.TORN),
    ],
    ids=["empty", "blank", "login page", "JSON error", "torn tail", "torn event"],
)
async def test_an_answer_of_200_that_is_no_whole_calendar_fails(
    httpserver: HTTPServer, body: bytes, expected: Reason
) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(body, headers={"ETag": '"bad"'})
    async with client() as transport:
        answer = await only(CHANNEL.fetch(query(httpserver.url_for("/a.ics")), transport))

    assert reason(answer) is expected
    assert (answer.body, answer.content, answer.http_status) == (None, None, 200)
    assert answer.validators == Validators()


async def test_a_calendar_without_events_is_complete(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a.ics").respond_with_data(EMPTY)
    async with client() as transport:
        answer = await only(CHANNEL.fetch(query(httpserver.url_for("/a.ics")), transport))

    assert (answer.body, answer.failure) == (EMPTY, None)


def test_a_body_is_read_into_bookings() -> None:
    reading = CHANNEL.read(CALENDAR, ReadContext("Europe/Rome", date(2026, 11, 20)))

    assert [(booking.check_in, booking.check_out) for booking in reading.bookings] == [
        (date(2026, 12, 4), date(2026, 12, 8))
    ]


def test_a_producer_that_ends_with_the_last_night_is_read_so() -> None:
    reading = CHANNEL.read(CALENDAR, ReadContext("Europe/Rome", date(2026, 11, 20), end_is_last_night=True))

    assert reading.bookings[0].check_out == date(2026, 12, 9)


async def test_a_webcal_link_is_asked_over_https() -> None:
    async with client(allow=()) as transport:
        answer = await only(CHANNEL.fetch(query("webcal://127.0.0.1:25/a.ics"), transport))

    assert answer.failure is not None  # refused by its address, not by its scheme
    assert answer.failure.detail == "it is not on the public internet"


# Files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "meine villa.ics").write_bytes(CALENDAR)
    return tmp_path


@pytest.mark.parametrize(
    "url",
    [
        "calendars/meine villa.ics",
        "./calendars/meine villa.ics",
        "{folder}/calendars/meine villa.ics",
        "file:calendars/meine%20villa.ics",
        "file://{folder}/calendars/meine%20villa.ics",
        "file://localhost{folder}/calendars/meine%20villa.ics",
    ],
)
async def test_a_file_is_read_wherever_its_url_says(folder: Path, url: str) -> None:
    async with client() as transport:
        answer = await only(CHANNEL.fetch(query(url.format(folder=folder), folder=folder), transport))

    assert (answer.body, answer.failure, answer.http_status) == (CALENDAR, None, None)
    assert answer.content


@pytest.mark.parametrize(
    "url",
    [
        "calendars/another.ics",
        "calendars",
        "/dev/zero",
        "calendars/\0.ics",
        "file://elsewhere.example/calendars/a.ics",
        "",
        "x" * 5000,
    ],
    ids=["missing", "a folder", "a device", "NUL", "another machine", "nothing", "too long"],
)
async def test_what_is_no_readable_file_is_missing(folder: Path, url: str) -> None:
    async with client() as transport:
        answer = await only(CHANNEL.fetch(query(url, folder=folder), transport))

    assert reason(answer) is Reason.FILE_MISSING


async def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ics")
    async with client() as transport:
        answer = await only(CHANNEL.fetch(query("pipe.ics", folder=tmp_path), transport))

    assert reason(answer) is Reason.FILE_MISSING


async def test_a_file_is_capped_like_an_answer(tmp_path: Path) -> None:
    (tmp_path / "big.ics").write_bytes(bytes(CAP + 1))
    async with client() as transport:
        answer = await only(CHANNEL.fetch(query("big.ics", folder=tmp_path), transport))

    assert reason(answer) is Reason.TOO_LARGE


async def test_a_broken_file_fails_like_a_broken_answer(tmp_path: Path) -> None:
    (tmp_path / "torn.ics").write_bytes(CALENDAR[:-40])
    async with client() as transport:
        answer = await only(CHANNEL.fetch(query("torn.ics", folder=tmp_path), transport))

    assert reason(answer) is Reason.TORN
