"""Programs that subscribe to a feed and come back for more: vdirsyncer with khal, Evolution, Thunderbird.

Each is given the feeds by name, as they stand at one fetch after the other, on a real server, and tells what
it shows in the end: [uid, start, end, summary, description] per event, sorted, times as instants in UTC.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from pytest_httpserver import HTTPServer

from rentalsync_pipeline_tests.calendars.parsers import HERE, SYSTEM_PYTHON

Feeds = Mapping[str, Sequence[bytes]]
Shown = dict[str, list[list[str]]]


def address(server: HTTPServer, name: str) -> str:
    """Where a feed is subscribed to."""
    return server.url_for(f"/{slug(name)}.ics")


def slug(name: str) -> str:
    """A name as it may stand in addresses and configuration files."""
    return re.sub(r"\W+", "_", name)


def fetches(server: HTTPServer, feeds: Feeds) -> Iterator[dict[str, bytes]]:
    """Serve all feeds as they stand at each fetch; the shorter ones stay as they are."""
    for number in range(max(map(len, feeds.values()))):
        served = {name: versions[min(number, len(versions) - 1)] for name, versions in feeds.items()}
        server.clear()
        for name, feed in served.items():
            request = server.expect_request(f"/{slug(name)}.ics")
            request.respond_with_data(feed, content_type="text/calendar; charset=utf-8")
        yield served


VDIRSYNCER_PAIR = """
[pair {name}]
a = "{name}_web"
b = "{name}_disk"
collections = null
[storage {name}_web]
type = "http"
url = "{url}"
[storage {name}_disk]
type = "filesystem"
path = "{folder}/{name}/"
fileext = ".ics"
"""
KHAL_CALENDAR = """
[[{name}]]
path = {folder}/{name}
"""
KHAL_SETTINGS = """
[locale]
local_timezone = UTC
default_timezone = UTC
longdateformat = %Y-%m-%d
longdatetimeformat = %Y-%m-%dT%H:%M:%S.000Z
[sqlite]
path = {folder}/khal.db
"""
KHAL_FIELDS = ("calendar", "all-day", "start-long-full", "end-long-full", "title", "description")


def by_vdirsyncer(feeds: Feeds, server: HTTPServer, folder: Path) -> Shown:
    """vdirsyncer fetches, khal lists. The UID is left out: vdirsyncer gives each event one of its own."""
    places = [{"name": slug(name), "url": address(server, name), "folder": folder} for name in feeds]
    pairs = "".join(VDIRSYNCER_PAIR.format(**place) for place in places)
    calendars = "".join(KHAL_CALENDAR.format(**place) for place in places)
    (folder / "vdirsyncer").write_text(f'[general]\nstatus_path = "{folder}/status"\n{pairs}')
    (folder / "khal").write_text(f"[calendars]{calendars}{KHAL_SETTINGS.format(folder=folder)}")
    for place in places:
        (folder / str(place["name"])).mkdir()
    for number, _ in enumerate(fetches(server, feeds)):
        if number == 0:
            _run("vdirsyncer", "-c", folder / "vdirsyncer", "discover", answers="y\n" * 2 * len(feeds))
        _run("vdirsyncer", "-c", folder / "vdirsyncer", "sync", "--force-delete")
    fields = [f"--json={name}" for name in KHAL_FIELDS]
    span = ("2026-03-01", "2028-12-31"), ("2037-12-01", "2037-12-31")
    shown: Shown = {name: [] for name in feeds}
    names = {slug(name): name for name in feeds}
    for first, last in span:
        for line in _run("khal", "-c", folder / "khal", "list", "--once", *fields, first, last).splitlines():
            for event in json.loads(line):
                shown[names[event["calendar"]]].append(_as_khal_means(event))
    return {name: sorted(events) for name, events in shown.items()}


def _as_khal_means(event: Mapping[str, str]) -> list[str]:
    start, end = event["start-long-full"], event["end-long-full"]
    if event["all-day"] == "True":  # it shows the last day of an event
        start, end = start[:10], (date.fromisoformat(end[:10]) + timedelta(days=1)).isoformat()
    return ["", start, end, event["title"], event["description"]]


def _run(*command: str | Path, answers: str = "") -> str:
    done = subprocess.run(command, input=answers, check=True, capture_output=True, text=True, timeout=120)
    return done.stdout


def by_evolution(feeds: Feeds, server: HTTPServer, folder: Path) -> Shown:
    """Evolution's data server, which GNOME Calendar shows, refreshed at each fetch."""
    places = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("DATA", "CONFIG", "CACHE")}
    command = ["timeout", "120", "dbus-run-session", "--", SYSTEM_PYTHON, str(HERE / "evolution.py")]
    with subprocess.Popen(
        [*command, *(address(server, name) for name in feeds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | places | {"XDG_RUNTIME_DIR": str(folder)},
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        for _ in fetches(server, feeds):
            process.stdin.write("\n")
            process.stdin.flush()
            shown: list[list[list[str]]] = json.loads(process.stdout.readline())
    return dict(zip(feeds, shown, strict=True))


def without_vdirsyncer() -> str | None:
    """Why it can't be asked."""
    if shutil.which("vdirsyncer") and shutil.which("khal"):
        return None
    return "vdirsyncer and khal are not installed: pip install vdirsyncer khal"
