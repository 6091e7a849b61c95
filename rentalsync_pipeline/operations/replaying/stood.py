"""The feeds that stood published at a moment, made again from what the warehouse remembers of each event.

Belongs here: finding the versions and their events, and rendering them. Does not: choosing what a feed shows
(`rendering`), which only syncs do. Every feed is held against the digest that its file had.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from rentalsync_pipeline.calendars.writer import render
from rentalsync_pipeline.control.written.document import LISTINGS
from rentalsync_pipeline.core.nightset import NightSet, between
from rentalsync_pipeline.operations.reading import Row
from rentalsync_pipeline.operations.replaying.past import Past
from rentalsync_pipeline.operations.syncing.rendering import event_of, header_of
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import utc


@dataclass(frozen=True, slots=True)
class Stood:
    """A feed as it stood. `sha256` is that of the file; `data` has it, too, unless words were `forgotten`.

    `forgotten` counts the events whose words retention has taken since.
    """

    listing: str
    audience: str
    name: str
    data: bytes
    events: int
    nights: NightSet
    forgotten: int
    sha256: str


def feeds_of(past: Past, as_of: datetime) -> list[Stood]:
    """All feeds that stood at a moment, but those that are older than the chronicle."""
    versions = past.warehouse.rows("past_versions", as_of=utc(as_of))
    known = [row for row in versions if past.run(row["run_id"])]
    stood = [(row["name"], row["listing"], row["audience"], row["rendered"]) for row in known]
    past.warehouse.stage("stood", tables.STOOD, stood)
    names = past.names(LISTINGS)
    events = defaultdict[str, list[Row]](list)
    for event in past.warehouse.rows("past_events"):
        events[event["name"]].append(event)
    return [
        _feed(past, row, names[row["run_id"]].get(row["listing"], row["listing"]), events[row["name"]])
        for row in known
    ]


def _feed(past: Past, version: Row, slug: str, rows: list[Row]) -> Stood:
    """A version of the listing that was called so then."""
    run = past.run(version["run_id"])
    assert run  # noqa: S101 the others were left out
    listing = next(each for each in run.portfolio.listings if each.slug == slug)
    data = render(header_of(listing, run.portfolio.settings.interval), map(event_of, rows))
    nights = 0
    for row in rows:
        nights |= between(row["check_in"], row["check_out"])
    return Stood(
        listing=slug,
        audience=version["audience"],
        name=version["name"],
        data=data,
        events=len(rows),
        nights=nights,
        forgotten=sum(not row["summary"] for row in rows),
        sha256=version["sha256"],
    )
