"""Feeds as clients outside of Python read them; each is skipped where it is not installed.

Of a time zone, ical.js and libical follow the feed's own rules, node-ical its own data for that name.

`npm ci` in `clients/` brings ical.js (Thunderbird, Nextcloud) and node-ical, `apt-get install python3-gi
gir1.2-ical-3.0` libical (Evolution, GNOME Calendar) with its check of RFC 5546.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from rentalsync_pipeline.calendars.writer import FeedEvent, FeedHeader, render
from rentalsync_pipeline.core.portfolio import Style
from rentalsync_pipeline_tests.calendars.feeds import CHANGED, ROME, ROME_TIMED, TRICKY, seen

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent / "clients"
SYSTEM_PYTHON = "/usr/bin/python3"
CLIENTS = {
    "ical.js": ("node", "ical_js.mjs"),
    "node-ical": ("node", "node_ical.mjs"),
    "libical": (SYSTEM_PYTHON, "libical.py"),
}
ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Lima",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Scoresbysund",
    "America/Vancouver",
    "Asia/Almaty",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Dublin",
]


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    program = CLIENTS[name][0]
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    if program == "node" and not (HERE / "node_modules").exists():
        pytest.skip(f"{name} is not installed: npm ci in {HERE.name}/")
    if program == SYSTEM_PYTHON and not _has_libical():
        pytest.skip("libical is not installed: apt-get install python3-gi gir1.2-ical-3.0")
    return name


def _has_libical() -> bool:
    code = "import gi; gi.require_version('ICalGLib', '3.0')"
    return subprocess.run([SYSTEM_PYTHON, "-c", code], capture_output=True, check=False).returncode == 0


def _read(client: str, feed: bytes, folder: Path) -> list[list[str]]:
    path = folder / "feed.ics"
    path.write_bytes(feed)
    program, script = CLIENTS[client]
    environment = os.environ | {"TZ": "UTC"}
    done = subprocess.run(
        [program, HERE / script, path], capture_output=True, check=True, env=environment, timeout=120
    )
    events: list[list[str]] = json.loads(done.stdout)
    return events


@pytest.mark.parametrize("header", [ROME, ROME_TIMED], ids=lambda header: header.style)
def test_words_in_every_script_arrive_as_they_are(client: str, header: FeedHeader, tmp_path: Path) -> None:
    events = [
        FeedEvent(f"{number:a<26}", date(2026, 3, 1), date(2026, 4, 1), text, CHANGED, f"{text}\n{text}")
        for number, text in enumerate(TRICKY)
    ]
    assert _read(client, render(header, events), tmp_path) == seen(header, events)


@pytest.mark.parametrize("timezone", ZONES)
@pytest.mark.parametrize("client", ["ical.js", "libical"], indirect=True)
def test_times_are_right_around_every_clock_change(client: str, timezone: str, tmp_path: Path) -> None:
    header = FeedHeader("Loft", timezone, Style.TIMED, ROME.check_in, ROME.check_out)
    weeks = ((date(2025, 1, 3) + timedelta(weeks=week)) for week in range(8 * 52))
    events = [
        FeedEvent(f"{number:a<26}", start, start + timedelta(days=4), "Anna", CHANGED)
        for number, start in enumerate(weeks)
    ]
    assert _read(client, render(header, events), tmp_path) == seen(header, events)


def test_a_feed_without_events_is_a_calendar(client: str, tmp_path: Path) -> None:
    assert _read(client, render(ROME, []), tmp_path) == []
