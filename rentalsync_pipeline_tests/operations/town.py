"""A town of listings for tests: a real home, real files as calendars, real stores, and no Dagster.

Everything passes through the doors that a host uses: `rentalsync.yaml` is applied, calendars are fetched,
feeds are read back from their files. Only the clock is ours.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import duckdb
import icalendar
import yaml

from rentalsync_pipeline.channels.registry import channels
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.vault import new_key
from rentalsync_pipeline.control.written.merge import Plan
from rentalsync_pipeline.operations.configuring.apply import apply
from rentalsync_pipeline.operations.stores import Run, Scope, Stores
from rentalsync_pipeline.operations.syncing.absorb import absorb
from rentalsync_pipeline.operations.syncing.ingest import ingest
from rentalsync_pipeline.operations.syncing.match import match
from rentalsync_pipeline.operations.syncing.press import Published
from rentalsync_pipeline.operations.syncing.publish import publish
from rentalsync_pipeline.operations.syncing.snapshot import take_snapshot

MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)
"""When the story of every test begins; the day is 2026-11-20 in UTC and in Rome."""

Row = dict[str, Any]
_EVERYTHING = Scope()


@dataclass(frozen=True)
class Event:
    """One event of a published feed."""

    uid: str
    first: date
    end: date
    summary: str
    description: str
    sequence: int
    modified: datetime

    @property
    def nights(self) -> set[date]:
        return {self.first + timedelta(days=n) for n in range((self.end - self.first).days)}


class Town:
    """Listings, connections and the calendars behind them; `sync` lets time pass and syncs."""

    def __init__(self, folder: Path, template: Path | None = None) -> None:
        if template:
            shutil.copytree(template, folder, dirs_exist_ok=True)
        self.home = Home(folder / ".rentalsync")
        self.stores = Stores.open(self.home, str(self.home.feeds))
        self.now = MORNING
        self.document: Row = {"version": 1, "defaults": {"timezone": "Europe/Rome"}}
        self.listings: dict[str, Row] = {}
        self.connections: dict[str, Row] = {}
        self.calendars: dict[str, str | None] = {}
        self.runs = 0

    def close(self) -> None:
        self.stores.control.close()

    def twin(self, folder: Path) -> Town:
        """Another town in which everything happened so far that happened here."""
        twin = Town(folder, self.home.folder)
        twin.now, twin.runs, twin.document = self.now, self.runs, dict(self.document)
        twin.listings, twin.connections = deepcopy(self.listings), deepcopy(self.connections)
        twin.calendars = dict(self.calendars)
        return twin

    # What the host configures

    def listing(self, slug: str, **options: object) -> None:
        self.listings[slug] = {"name": slug.title(), **options}

    def connect(self, name: str, calendar: str | None = None, **options: object) -> None:
        """A connection `<listing>-<channel>` with the calendar that its channel shows."""
        listing, _, channel = name.partition("-")
        given: Row = {"channel": channel.replace("-", "_"), "listing": listing, "url": f"{name}.ics"}
        self.connections[name] = given | options
        if str((given | options)["listing"]) not in self.listings:
            self.listing(listing)
        if calendar is not None:
            self.calendars[name] = calendar

    def apply(self, **options: bool) -> Plan:
        """Write `rentalsync.yaml` and apply it."""
        rows = {
            "listings": [{"slug": slug, **row} for slug, row in self.listings.items()],
            "connections": [{"id": name, **row} for name, row in self.connections.items()],
        }
        self.home.config.write_text(yaml.safe_dump(self.document | rows), encoding="utf-8")
        return apply(
            self.stores.control,
            self.home.config,
            channels=channels().keys(),
            env={},
            who="a test",
            now=self.now,
            **options,
        )

    def forget_keys(self) -> None:
        """Become another installation: with a feed key of its own."""
        self.home.feed_key.write_text(f"{new_key()}\n")

    # What happens

    def show(self, **calendars: str | None) -> None:
        """What the channels show from now on, by connection (`_` for `-`); `None`: the file is gone."""
        self.calendars |= {name.replace("_", "-"): calendar for name, calendar in calendars.items()}

    def sync(self, *, minutes: float = 15, days: float = 0, scope: Scope = _EVERYTHING) -> Published:
        """Let time pass, stamp the calendars anew, and run all steps of a sync."""
        run = self.begin(minutes=minutes, days=days, scope=scope)
        with self.opened() as stores:
            ingest(stores, run)
        return self.finish(run)

    def finish(self, run: Run) -> Published:
        """All steps of a sync but the first."""
        with self.opened() as stores:
            absorb(stores, run)
            match(stores, run)
            published = publish(stores, run)
            take_snapshot(stores, run)
        return published

    def ask(self, *, minutes: float = 15) -> None:
        """Let time pass and ask the channels; a sync that dies then leaves their answers in the spool."""
        ingest(self.stores, self.begin(minutes=minutes))

    def begin(self, *, minutes: float = 15, days: float = 0, scope: Scope = _EVERYTHING) -> Run:
        """Let time pass and stamp the calendars: everything before the first step of a sync."""
        self.now += timedelta(minutes=minutes, days=days)
        self.runs += 1
        self.write_calendars()
        self.stores.control.record_sync(self.now)
        return Run(f"run-{self.runs}", self.now, "a test", scope, fixed=True)

    @contextmanager
    def opened(self) -> Iterator[Stores]:
        """The stores with the warehouse open, as a run holds them."""
        with self.stores.warehouse() as warehouse:
            yield replace(self.stores, opened=warehouse)

    @property
    def today(self) -> date:
        return self.now.date()

    def write_calendars(self) -> None:
        """Have the channels show their calendars, stamped with the moment."""
        for name, calendar in self.calendars.items():
            path = self.home.folder / f"{name}.ics"
            if calendar is None:
                path.unlink(missing_ok=True)
            else:
                stamped = calendar.replace("{stamp}", f"{self.now:%Y%m%dT%H%M%SZ}")
                path.write_bytes(stamped.encode())

    # What is published, and what is known

    def path(self, listing: str, audience: str) -> Path | None:
        """The file of a feed; `None` where there is none."""
        folder = "private" if audience == "owner" else "public"
        called = {each.slug: each.feed.address for each in self.stores.control.portfolio().listings}
        name = f"{called.get(listing, listing)}-{audience}-{'?' * 26}.ics"
        found = list((self.home.feeds / folder).glob(name))
        assert len(found) <= 1
        return found[0] if found else None

    def events(self, listing: str, audience: str = "owner") -> list[Event]:
        path = self.path(listing, audience)
        assert path, f"no feed of {listing} for {audience}"
        calendar = icalendar.Calendar.from_ical(path.read_bytes())
        return [_event(event) for event in calendar.walk("VEVENT")]

    def nights(self, listing: str, audience: str = "owner") -> set[date]:
        return {night for event in self.events(listing, audience) for night in event.nights}

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Every published feed with its bytes and the moment at which it was written."""
        return {
            str(path.relative_to(self.home.feeds)): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in self.home.feeds.rglob("*.ics")
        }

    def table(self, query: str) -> list[Row]:
        """Rows of the warehouse."""
        with self.reading() as table:
            return table(query)

    @contextmanager
    def reading(self) -> Iterator[Callable[[str], list[Row]]]:
        """Ask the warehouse more than one question."""
        with duckdb.connect(str(self.home.warehouse), read_only=True) as connection:

            def table(query: str) -> list[Row]:
                found = connection.execute(query)
                columns = [column[0] for column in found.description or ()]
                return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]

            yield table

    def log(self) -> Mapping[str, Row]:
        """What the last sync noted of each connection."""
        rows = self.table(f"FROM fetches WHERE run_id = 'run-{self.runs}'")
        return {row["connection"]: row for row in rows}

    def states(self) -> dict[str, str]:
        """The state of each booking, by its code, else its UID."""
        return {
            row["id"]: row["state"]
            for row in self.table("SELECT coalesce(code, uid) AS id, state FROM bookings")
        }


class NewTown(Protocol):
    """What the fixture `new_town` is."""

    def __call__(self, name: str, like: Town | None = None) -> Town: ...


def nights(first: str, count: int) -> set[date]:
    return {date.fromisoformat(first) + timedelta(days=n) for n in range(count)}


def _event(event: icalendar.Component) -> Event:
    return Event(
        uid=str(event["UID"]),
        first=event.decoded("DTSTART"),
        end=event.decoded("DTEND"),
        summary=str(event["SUMMARY"]),
        description=str(event.get("DESCRIPTION", "")),
        sequence=event.decoded("SEQUENCE"),
        modified=event.decoded("LAST-MODIFIED"),
    )
