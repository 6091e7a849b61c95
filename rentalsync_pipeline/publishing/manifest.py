"""`manifest.json`: what is published, for machines.

Belongs here: its form, and when it is written. Does not: any guest (it holds numbers and names of feeds),
the history of a feed (the warehouse). It names the feeds that nobody should guess, so it lies beside
`private/` and `public/`, never inside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rentalsync_pipeline.core.facts import facts
from rentalsync_pipeline.publishing.store import FeedStore

NAME = "manifest.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one published feed."""

    listing: str
    audience: str
    sha256: str
    events: int
    last_change: datetime
    """When its bytes last changed; aware."""
    last_ok: date
    """The last day (UTC) on which every source of the feed answered well. A day, not a moment: a sync in
    which nothing happened writes no file, and a monitor that asks "is it older than yesterday?" has its
    answer all the same."""


def load(store: FeedStore) -> dict[str, Entry]:
    """The published feeds by name.

    None where there is no manifest, or one that can't be read: it is derived, the warehouse knows better.
    """
    try:
        document = json.loads(store.read(NAME) or b"")
        return {name: _entry(row) for name, row in document["feeds"].items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        return {}


def save(store: FeedStore, feeds: Mapping[str, Entry]) -> bool:
    """Write the manifest; False when it says this already. The order of `feeds` doesn't matter."""
    rows = {name: _row(feeds[name]) for name in sorted(feeds)}
    text = json.dumps({"version": VERSION, "feeds": rows}, ensure_ascii=False, indent=1)
    return store.write(NAME, f"{text}\n".encode())


def _row(entry: Entry) -> dict[str, object]:
    times = {"last_change": entry.last_change.isoformat(), "last_ok": entry.last_ok.isoformat()}
    return facts(entry) | times


def _entry(row: Mapping[str, str | int]) -> Entry:
    return Entry(
        listing=str(row["listing"]),
        audience=str(row["audience"]),
        sha256=str(row["sha256"]),
        events=int(row["events"]),
        last_change=datetime.fromisoformat(str(row["last_change"])),
        last_ok=date.fromisoformat(str(row["last_ok"])),
    )
