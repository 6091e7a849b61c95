"""Evolution's data server, which GNOME Calendar shows, with a real subscription. Skipped where absent.

`apt-get install evolution-data-server gir1.2-ecal-2.0 gir1.2-edataserver-1.2 dbus`
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from rentalsync_pipeline.calendars.writer import FeedEvent, FeedHeader, render
from rentalsync_pipeline_tests.calendars.feeds import CHANGED, ROME, ROME_TIMED, TRICKY, seen

HERE = Path(__file__).parent / "clients"
SYSTEM_PYTHON = "/usr/bin/python3"


def _is_installed() -> bool:
    if not (shutil.which("dbus-run-session") and shutil.which(SYSTEM_PYTHON)):
        return False
    code = "import gi; gi.require_version('ECal', '2.0'); gi.require_version('EDataServer', '1.2')"
    return subprocess.run([SYSTEM_PYTHON, "-c", code], capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not _is_installed(), reason="evolution-data-server is not installed"),
]


@pytest.mark.parametrize("header", [ROME, ROME_TIMED], ids=lambda header: header.style)
def test_a_subscription_shows_every_stay_and_follows_every_change(
    header: FeedHeader, httpserver: HTTPServer, tmp_path: Path
) -> None:
    first = [
        FeedEvent(f"{number:a>26}", date(2026, 3, 1), date(2026, 4, 1), text, CHANGED, f"{text}\n{text}")
        for number, text in enumerate(TRICKY)
    ]
    moved = replace(
        first[0], check_out=date(2026, 4, 9), sequence=1, last_modified=CHANGED + timedelta(minutes=15)
    )
    added = FeedEvent("z" * 26, date(2026, 5, 1), date(2026, 5, 2), "Blocked", CHANGED)
    second = [moved, *first[2:], added]
    shown = _subscribe(httpserver, tmp_path, render(header, first), render(header, second))
    assert shown == [sorted(seen(header, first)), sorted(seen(header, second))]


def _subscribe(server: HTTPServer, folder: Path, *feeds: bytes) -> list[list[list[str]]]:
    """What is shown of each version of the feed, one after the other."""
    shown = []
    places = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("DATA", "CONFIG", "CACHE")}
    command = [
        "dbus-run-session",
        "--",
        SYSTEM_PYTHON,
        str(HERE / "evolution.py"),
        server.url_for("/feed.ics"),
    ]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | places | {"XDG_RUNTIME_DIR": str(folder)},
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        for feed in feeds:
            server.clear()
            server.expect_request("/feed.ics").respond_with_data(
                feed, content_type="text/calendar; charset=utf-8"
            )
            process.stdin.write("\n")
            process.stdin.flush()
            shown.append(json.loads(process.stdout.readline()))
    return shown
