"""Times around every clock change, as parsers see them that go by the feed's own VTIMEZONE.

What else clients show is in `test_matrix`.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from rentalsync_pipeline.calendars.writer import FeedEvent, FeedHeader, render
from rentalsync_pipeline.core.portfolio import Style
from rentalsync_pipeline_tests.calendars.feeds import CHANGED, ROME, seen
from rentalsync_pipeline_tests.calendars.parsers import SYSTEM_PYTHON, by_program, without_gi, without_node

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


@pytest.mark.slow
@pytest.mark.parametrize("timezone", ZONES)
@pytest.mark.parametrize(("program", "script"), [("node", "ical_js.mjs"), (SYSTEM_PYTHON, "libical.py")])
def test_times_are_right_around_every_clock_change(
    program: str, script: str, timezone: str, tmp_path: Path
) -> None:
    if reason := without_node() if program == "node" else without_gi("ICalGLib-3.0"):
        pytest.skip(reason)
    header = FeedHeader("Loft", timezone, Style.TIMED, ROME.check_in, ROME.check_out)
    weeks = ((date(2025, 1, 3) + timedelta(weeks=week)) for week in range(8 * 52))
    events = [
        FeedEvent(f"{number:a<26}", start, start + timedelta(days=4), "Anna", CHANGED)
        for number, start in enumerate(weeks)
    ]

    assert by_program(program, script, render(header, events), tmp_path) == seen(header, events)
