"""Thunderbird without a screen: subscriptions in a profile of its own, read back from its own storage.

It is kept from every network but loopback. What it holds is a SQLite file that it keeps locked while it runs:
copies are looked at, until one has all events of the feeds as they stand (Thunderbird reads them on start).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pytest_httpserver import HTTPServer

from rentalsync_pipeline_tests.calendars.subscribers import Feeds, Shown, address, fetches, slug

PATIENCE = 90
"""Seconds; on a quiet machine it takes five."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVENTS = """
SELECT cal_id, id, event_start, event_end, title, flags & 8, -- all day
       (SELECT CAST(value AS TEXT) FROM cal_properties AS p
        WHERE p.cal_id = e.cal_id AND p.item_id = e.id AND p.key = 'DESCRIPTION'),
       (SELECT CAST(value AS INTEGER) FROM cal_properties AS p
        WHERE p.cal_id = e.cal_id AND p.item_id = e.id AND p.key = 'SEQUENCE')
FROM cal_events AS e
"""
_ONLY_LOOPBACK: dict[str, str | int] = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1, localhost",
    "app.update.enabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mailnews.start_page.enabled": False,
}


def without_thunderbird() -> str | None:
    """Why it can't be asked."""
    return (
        None if shutil.which("thunderbird") else "thunderbird is not installed: apt-get install thunderbird"
    )


def by_thunderbird(feeds: Feeds, server: HTTPServer, folder: Path) -> Shown:
    """Start it once for each fetch, always on the same profile."""
    profile = folder / "profile"
    profile.mkdir()
    (profile / "user.js").write_text(_preferences(feeds, server))
    shown: Shown = {}
    for served in fetches(server, feeds):
        shown = _started(profile, {slug(name): feed for name, feed in served.items()})
    return {name: shown.get(slug(name), []) for name in feeds}


def _preferences(feeds: Feeds, server: HTTPServer) -> str:
    preferences = dict(_ONLY_LOOPBACK)
    for name in feeds:
        own = f"calendar.registry.{slug(name)}"
        preferences |= {f"{own}.type": "ics", f"{own}.uri": address(server, name), f"{own}.name": name}
        preferences |= {f"{own}.cache.enabled": True, f"{own}.readOnly": True}
    pairs = (f"user_pref({json.dumps(key)}, {json.dumps(value)});\n" for key, value in preferences.items())
    return "".join(pairs)


def _started(profile: Path, served: Mapping[str, bytes]) -> Shown:
    """What it shows once it has everything, or when patience is at its end."""
    environment = os.environ | {"HOME": str(profile.parent), "MOZ_HEADLESS": "1", "TZ": "UTC"}
    with subprocess.Popen(
        ["thunderbird", "--headless", "--no-remote", "--profile", str(profile)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            return _awaited(profile / "calendar-data", served)
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def _awaited(data: Path, served: Mapping[str, bytes]) -> Shown:
    wanted = {name: _revisions(feed) for name, feed in served.items() if b"BEGIN:VEVENT" in feed}
    deadline = time.monotonic() + PATIENCE
    while True:
        shown, revisions = _held(data)
        if revisions == wanted or time.monotonic() > deadline:
            return shown
        time.sleep(0.25)


def _revisions(feed: bytes) -> list[tuple[str, int]]:
    pairs = re.findall(rb"^UID:(\S+)$(?s:.*?)^SEQUENCE:(\d+)", feed.replace(b"\r", b""), re.MULTILINE)
    return sorted((uid.decode(), int(sequence)) for uid, sequence in pairs)


def _held(data: Path) -> tuple[Shown, dict[str, list[tuple[str, int]]]]:
    """The events of each calendar, and which revision of each it is."""
    shown: Shown = {}
    revisions: dict[str, list[tuple[str, int]]] = {}
    for calendar, uid, start, end, title, is_day, description, sequence in _rows(data):
        event = [uid, _moment(start, is_day), _moment(end, is_day), title or "", description or ""]
        shown.setdefault(calendar, []).append(event)
        revisions.setdefault(calendar, []).append((uid, sequence))
    return (
        {name: sorted(events) for name, events in shown.items()},
        {name: sorted(found) for name, found in revisions.items()},
    )


def _rows(data: Path) -> list[tuple[str, str, int, int, str | None, int, str | None, int]]:
    """What a copy holds; nothing while there is no copy that is whole."""
    copy = data.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    try:
        shutil.copytree(data, copy)
        with closing(sqlite3.connect(copy / "cache.sqlite")) as database:
            return database.execute(_EVENTS).fetchall()
    except (OSError, sqlite3.Error):
        return []


def _moment(microseconds: int, is_day: int) -> str:
    """A date, or an instant in UTC."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return f"{moment:%Y-%m-%d}" if is_day else f"{moment:%Y-%m-%dT%H:%M:%S.000Z}"
