"""A subscription on the command line: vdirsyncer fetches the feed, khal lists it. Skipped where absent.

vdirsyncer once made a single event of a whole feed because the calendar had a UID; khal drops what it
can't read without a word.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from rentalsync_pipeline.calendars.text import tidy
from rentalsync_pipeline.calendars.writer import FeedEvent, FeedHeader, render
from rentalsync_pipeline.core.portfolio import Style
from rentalsync_pipeline_tests.calendars.feeds import CHANGED, ROME, ROME_TIMED, TRICKY, moment

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("vdirsyncer") and shutil.which("khal")),
        reason="vdirsyncer and khal are not installed: pip install vdirsyncer khal",
    ),
]

VDIRSYNCER = """
[general]
status_path = "{folder}/status"
[pair feed]
a = "web"
b = "disk"
collections = null
[storage web]
type = "http"
url = "{url}"
[storage disk]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
"""

KHAL = """
[calendars]
[[feed]]
path = {folder}/calendar
[locale]
local_timezone = Europe/Rome
default_timezone = Europe/Rome
longdateformat = %Y-%m-%d
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""


def _listed(feed: bytes, server: HTTPServer, folder: Path) -> list[tuple[str, str, str]]:
    """Start, end and title of each event, as khal shows them."""
    server.expect_request("/feed.ics").respond_with_data(feed, content_type="text/calendar; charset=utf-8")
    (folder / "calendar").mkdir()
    (folder / "vdirsyncer").write_text(VDIRSYNCER.format(folder=folder, url=server.url_for("/feed.ics")))
    (folder / "khal").write_text(KHAL.format(folder=folder))
    command = ["vdirsyncer", "-c", str(folder / "vdirsyncer")]
    subprocess.run([*command, "discover"], input=b"y\ny\n", check=True, capture_output=True, timeout=60)
    subprocess.run([*command, "sync"], check=True, capture_output=True, timeout=60)
    fields = [f"--json={name}" for name in ("start-long-full", "end-long-full", "title")]
    listing = ["khal", "-c", str(folder / "khal"), "list", "--once", *fields, "2026-01-01", "2027-12-31"]
    lines = subprocess.run(listing, check=True, capture_output=True, timeout=60).stdout.splitlines()
    events = [event for line in lines for event in json.loads(line)]
    return sorted((event["start-long-full"], event["end-long-full"], event["title"]) for event in events)


@pytest.mark.parametrize("header", [ROME, ROME_TIMED], ids=lambda header: header.style)
def test_every_stay_of_a_subscription_is_listed(
    header: FeedHeader, httpserver: HTTPServer, tmp_path: Path
) -> None:
    events = [
        FeedEvent(f"{number:a<26}", start, start + timedelta(days=7), text, CHANGED, text)
        for number, text in enumerate(TRICKY)
        for start in [date(2026, 2, 1) + timedelta(days=14 * number)]
    ]
    assert _listed(render(header, events), httpserver, tmp_path) == sorted(
        (
            _shown(moment(header, event.check_in, header.check_in)),
            _shown(moment(header, _last_day(header, event), header.check_out)),
            tidy(event.summary),
        )
        for event in events
    )


def _last_day(header: FeedHeader, event: FeedEvent) -> date:
    """khal shows an all-day event with the last of its days."""
    return event.check_out - timedelta(days=header.style is Style.ALL_DAY)


def _shown(start_or_end: date) -> str:
    return f"{start_or_end:%Y-%m-%d %H:%M}"
