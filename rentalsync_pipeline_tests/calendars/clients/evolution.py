"""What Evolution's data server (GNOME Calendar) shows of subscriptions, at first and after a refresh.

Run by the system's Python inside `dbus-run-session`, with the feeds' URLs. For each line of input it
refreshes and prints for each feed a list of [uid, start, end, summary, description].
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("ECal", "2.0")
gi.require_version("EDataServer", "1.2")
gi.require_version("ICalGLib", "3.0")
from gi.repository import ECal, EDataServer, GLib  # type: ignore[import-not-found]  # noqa: E402


def subscribe(registry: Any, url: str) -> Any:
    """A client of a new webcal source, which has three seconds to connect."""
    source = EDataServer.Source.new(None, None)
    source.set_parent("webcal-stub")
    source.get_extension(EDataServer.SOURCE_EXTENSION_CALENDAR).set_backend_name("webcal")
    address = GLib.Uri.parse(url, GLib.UriFlags.NONE)
    source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND).set_uri(address)
    registry.commit_source_sync(source, None)
    return ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, 3, None)


def refreshed(client: Any) -> list[list[str]]:
    """What it holds after it came back."""
    client.refresh_sync(None)
    return shown(client)


def shown(client: Any) -> list[list[str]]:
    """What it holds now, by UID."""
    found, components = client.get_object_list_as_comps_sync("#t", None)
    assert found
    events = [component.get_icalcomponent() for component in components]
    return sorted(
        [
            event.get_uid(),
            moment(client, event.get_dtstart()),
            moment(client, event.get_dtend()),
            event.get_summary() or "",
            event.get_description() or "",
        ]
        for event in events
    )


def moment(client: Any, time: Any) -> str:
    """A date, or an instant in UTC by the feed's own VTIMEZONE."""
    if time.is_date():
        return f"{time.get_year():04}-{time.get_month():02}-{time.get_day():02}"
    zone = time.get_timezone() or client.get_timezone_sync(time.get_tzid(), None)[1]
    return datetime.fromtimestamp(time.as_timet_with_zone(zone), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


known = EDataServer.SourceRegistry.new_sync(None)
subscriptions = [subscribe(known, url) for url in sys.argv[1:]]
for _ in sys.stdin:
    print(json.dumps([refreshed(subscription) for subscription in subscriptions]), flush=True)
