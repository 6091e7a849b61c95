"""What libical reads (run by the system's Python with its `gi`): events, and how many faults it finds.

One [uid, start, end, summary, description] per event. Faults are counted by its own restriction check of
RFC 5546 and by the error properties that its parser leaves; any is an exit with status 1.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # type: ignore[import-not-found]  # noqa: E402


def show(time: Any) -> str:
    """A date, or an instant in UTC."""
    if time.is_date():
        return f"{time.get_year():04}-{time.get_month():02}-{time.get_day():02}"
    seconds = time.as_timet_with_zone(time.get_timezone())
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


calendar = ICalGLib.Component.new_from_string(Path(sys.argv[1]).read_bytes().decode())
ICalGLib.restriction_check(calendar)
events = []
event = calendar.get_first_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
while event is not None:
    times = show(event.get_dtstart()), show(event.get_dtend())
    events.append([event.get_uid(), *times, event.get_summary() or "", event.get_description() or ""])
    event = calendar.get_next_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
print(json.dumps(events))
sys.exit(calendar.count_errors() > 0)
