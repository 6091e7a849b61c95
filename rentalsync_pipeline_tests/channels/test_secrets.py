"""The token of a feed URL shows up nowhere: a canary in every part of a URL, through every way to fail."""

from __future__ import annotations

import gzip
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from rentalsync_pipeline.channels.fetching import fetch_all
from rentalsync_pipeline.channels.registry import channel_of
from rentalsync_pipeline_tests.channels.loopback import CALENDAR, answering, client, http, query, raw_server

pytestmark = pytest.mark.anyio

CANARY = "canary7c1d9"

ANSWERS = {
    "a calendar": http(),
    "an error": http(b"no", "404 Not Found"),
    "a broken server": http(b"no", "500 Oops"),
    "a redirect": http(b"", "302 Found", Location=f"http://127.0.0.1:1/{CANARY}"),
    "a redirect inside": http(b"", "302 Found", Location=f"http://10.0.0.1/{CANARY}"),
    "a loop": http(b"", "302 Found", Location=f"/{CANARY}"),
    "a redirect to nonsense": http(b"", "302 Found", Location=f"http://x:{CANARY}/"),
    "another scheme": http(b"", "302 Found", Location=f"ftp://{CANARY}/"),
    "a login page": http(f"<html>{CANARY}".encode()),
    "half": http(CALENDAR + CANARY.encode(), Content_Length="99999"),
    "not HTTP": CANARY.encode() + b"\r\n\r\n",
    "bad gzip": http(gzip.compress(CANARY.encode())[:-4], Content_Encoding="gzip"),
}
URLS = (
    f"http://{CANARY}:pass@127.0.0.1/a.ics",
    f"http://[{CANARY}/a.ics",
    f"http://127.0.0.1:{CANARY}/",
    f"http://example.org/\x00{CANARY}",
    f"http://unknown.example/{CANARY}.ics",
    f"file:///{CANARY}.ics",
    f"{CANARY}/\0.ics",
    f"gopher://example.org/{CANARY}",
    f"https://10.0.0.1/{CANARY}.ics?s={CANARY}",
)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
async def test_nothing_that_a_server_answers_brings_the_token_to_light(
    answer: bytes, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    async with raw_server(answering(answer)) as port, client() as transport:
        asked = query(f"http://127.0.0.1:{port}/{CANARY}.ics?s={CANARY}#{CANARY}")
        done = await fetch_all([asked], channel_of, transport, budget=timedelta(minutes=4))
        shown = [repr(transport), repr(asked), str(asked.url), repr(done), caplog.text, *capfd.readouterr()]

    assert len(done.answers) == 1
    assert CANARY not in "".join(shown)


@pytest.mark.parametrize("url", URLS)
async def test_no_url_that_fails_by_itself_is_quoted(
    url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    async with client() as transport:
        asked = query(url, folder=tmp_path)
        done = await fetch_all([asked], channel_of, transport, budget=timedelta(minutes=4))

    failure = done.answers[0].failure
    assert failure is not None
    shown = [repr(done.answers), failure.message, caplog.text, *capfd.readouterr()]
    assert CANARY not in "".join(shown)


async def test_a_guest_who_is_in_the_body_is_in_no_repr() -> None:
    body = CALENDAR.replace(b"Booked", CANARY.encode())
    async with raw_server(answering(http(body))) as port, client() as transport:
        done = await fetch_all(
            [query(f"http://127.0.0.1:{port}/")], channel_of, transport, budget=timedelta(minutes=4)
        )

    assert done.answers[0].body == body
    assert CANARY not in repr(done)
