"""A small world for people: `python -m rentalsync_pipeline_tests.simulators FOLDER FEEDS`.

It writes FOLDER/rentalsync.yaml, answers as its channels on loopback, and talks JSON, a line at a time, with
whoever started it: `{"live": minutes, "deeds": n}` lets time pass, `{"look": [conflicts]}` compares FEEDS
with the truth. It ends when its input does.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from rentalsync_pipeline_tests.simulators.feeds import Feeds
from rentalsync_pipeline_tests.simulators.ledger import Alarm, Ledger
from rentalsync_pipeline_tests.simulators.streets import Streets

HOMES = {"through-us": 3, "each-other": 2, "hotel": 4}
MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)


def main(folder: Path, published: Path) -> None:
    feeds = Feeds(published)
    streets = Streets(HOMES, MORNING, feeds.nights, seed=1)
    ledger = Ledger(streets, feeds)
    with streets.serving() as document:
        text = yaml.safe_dump(document, sort_keys=False)
        (folder / "rentalsync.yaml").write_text(text, encoding="utf-8")
        _say(_state(ledger))
        for line in sys.stdin:
            _obey(ledger, json.loads(line))
            _say(_state(ledger))


def _obey(ledger: Ledger, order: dict[str, Any]) -> None:
    if "look" in order:
        ledger.look(ledger.now, map(_alarm, order["look"]))
    else:
        ledger.streets.live(timedelta(minutes=order["live"]), order["deeds"])


def _state(ledger: Ledger) -> dict[str, Any]:
    """The time, and what has differed so far."""
    return {
        "now": ledger.now.isoformat(),
        "bookings": len(ledger.streets.world.bookings()),
        "wrongly_free": len(ledger.free),
        "wrongly_taken": len(ledger.open),
        "sold_twice": len(ledger.sold_twice),
        "unseen": len(ledger.unseen),
    }


def _alarm(row: dict[str, Any]) -> Alarm:
    first, last = (date.fromisoformat(row[name]) for name in ("first_night", "last_night"))
    return Alarm(row["id"], row["listing"], first, last, row["certainty"] == "certain")


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
