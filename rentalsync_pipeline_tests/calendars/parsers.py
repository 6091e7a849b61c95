"""Parsers that read a feed once: libraries of Python, and programs of other languages.

Each gives one [uid, start, end, summary, description] per event, in the order of the feed; times as instants
in UTC.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import icalendar
import vobject
from ical.calendar_stream import IcsCalendarStream

HERE = Path(__file__).parent / "clients"
SYSTEM_PYTHON = "/usr/bin/python3"


def by_icalendar(feed: bytes) -> list[list[str]]:
    """The library that Rental Control and others are built on."""
    return [
        [
            str(event["UID"]),
            shown(event.decoded("DTSTART")),
            shown(event.decoded("DTEND")),
            str(event["SUMMARY"]),
            str(event.get("DESCRIPTION", "")),
        ]
        for event in icalendar.Calendar.from_ical(feed).walk("VEVENT")
    ]


def by_ical(feed: bytes) -> list[list[str]]:
    """The library of Home Assistant's own calendars, the strictest."""
    calendar = IcsCalendarStream.calendar_from_ics(feed.decode())
    return [
        [event.uid, shown(event.dtstart), shown(event.dtend), event.summary or "", event.description or ""]
        for event in calendar.events
    ]


def by_vobject(feed: bytes) -> list[list[str]]:
    """The library of Radicale, which goes by the feed's own VTIMEZONE."""
    events = getattr(vobject.readOne(feed.decode()), "vevent_list", [])
    return [
        [
            event.uid.value,
            shown(event.dtstart.value),
            shown(event.dtend.value),
            event.summary.value,
            event.description.value if hasattr(event, "description") else "",
        ]
        for event in events
    ]


def by_program(program: str, script: str, feed: bytes, folder: Path) -> list[list[str]]:
    """What a script in `clients/` prints of a feed; any fault that it finds is an error."""
    path = folder / "feed.ics"
    path.write_bytes(feed)
    environment = os.environ | {"TZ": "UTC"}
    done = subprocess.run(
        [program, HERE / script, path], capture_output=True, check=True, env=environment, timeout=120
    )
    events: list[list[str]] = json.loads(done.stdout)
    return events


def shown(start_or_end: date | None) -> str:
    """A date, or an instant in UTC; empty where there is none."""
    if isinstance(start_or_end, datetime):
        return f"{start_or_end.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
    return start_or_end.isoformat() if start_or_end else ""


@cache
def without_node() -> str | None:
    """Why ical.js and node-ical can't be asked."""
    if shutil.which("node") and (HERE / "node_modules").exists():
        return None
    return f"ical.js and node-ical are not installed: npm ci in {HERE.name}/"


@cache
def without_gi(*libraries: str) -> str | None:
    """Why the system's Python can't load libraries of GNOME, each `Name-version`."""
    code = "import gi\n" + "\n".join(
        "gi.require_version({!r}, {!r})".format(*name.split("-")) for name in libraries
    )
    command = [SYSTEM_PYTHON, "-c", code]
    if (
        Path(SYSTEM_PYTHON).exists()
        and not subprocess.run(command, capture_output=True, check=False).returncode
    ):
        return None
    return f"{' and '.join(libraries)} for {SYSTEM_PYTHON}: not installed, see .ci/run"
