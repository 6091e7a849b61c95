"""Histories of calendars for tests, in the form of a folder: `fetches.csv.gz` and `contents.jsonl.gz`."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rentalsync_pipeline_tests.operations.dialects import Nights

MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)

Shown = Sequence[Nights] | None
"""What an answer holds; `None`: it failed."""


def write_history(folder: Path, **feeds: Sequence[tuple[float, Shown]]) -> Path:
    """Per feed what it showed, so many hours after the morning; its name begins with that of a channel."""
    fetches: list[tuple[str, str, str, int]] = []
    contents: list[dict[str, object]] = []
    for feed, answers in feeds.items():
        for number, (after, shown) in enumerate(answers):
            asked = (MORNING + timedelta(hours=after)).isoformat()
            state = "empty_body" if shown is None else "ok"
            fetches.append((feed, asked, state, number))
            events = [_event(feed, each) for each in shown or ()]
            content = {"feed": feed, "content_seq": number, "first_seen": asked, "state": state}
            contents.append(content | {"events": events})
    with gzip.open(folder / "fetches.csv.gz", "wt", newline="") as file:
        csv.writer(file).writerows([("feed", "fetched_at", "state", "content_seq"), *fetches])
    with gzip.open(folder / "contents.jsonl.gz", "wt") as file:
        file.writelines(f"{json.dumps(content)}\n" for content in contents)
    return folder


def _event(feed: str, nights: Nights) -> dict[str, str]:
    uid, summary = _booking_com(nights) if feed.startswith("booking_com") else _airbnb(nights)
    return {"start": str(nights.first), "end": str(nights.end), "summary": summary, "uid": uid}


def _booking_com(nights: Nights) -> tuple[str, str]:
    return f"{nights.first:%Y%m%d}@booking.com", "CLOSED - Not available"


def _airbnb(nights: Nights) -> tuple[str, str]:
    if nights.kind == "reservation":
        return f"1418fb94e984-{nights.code}@airbnb.com", "Reserved"
    return f"7f662ec65913-{nights.first:%Y%m%d}@airbnb.com", "Airbnb (Not available)"
