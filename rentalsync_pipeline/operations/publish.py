"""From stays to files: every feed with news is rendered, remembered, written; in this order.

Belongs here: which feeds are looked at, and the order of commit and write, so that a sync killed anywhere
is continued with the same bytes. Does not: rendering one (`operations.rendering`), files (`publishing`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

from rentalsync_pipeline.calendars.wording import SENTINEL_NIGHTS
from rentalsync_pipeline.calendars.writer import FeedEvent
from rentalsync_pipeline.channels.registry import colors, titles
from rentalsync_pipeline.core.model import Occupation
from rentalsync_pipeline.core.portfolio import FOR, Listing, Portfolio
from rentalsync_pipeline.operations.match import batches, todays
from rentalsync_pipeline.operations.progress import Progress, silent
from rentalsync_pipeline.operations.rendering import (
    Carried,
    Looks,
    Rendered,
    carried_event,
    far_sentinel,
    render_feed,
)
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.publishing.manifest import Entry, save
from rentalsync_pipeline.publishing.names import feed_name, stay_uid
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import aware, utc
from rentalsync_pipeline.warehouse.warehouse import Warehouse

_AT_ONCE = 500
"""Listings rendered between two commits."""
_WRITERS = 8

_NEEDS_AN_EVENT = f"{FOR}booking_com"
"""An importer that refuses an empty calendar."""


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing came to: feeds looked at, files written, files taken away."""

    rendered: int
    written: int
    removed: int


@dataclass(frozen=True, slots=True)
class _Feed:
    listing: str
    audience: str
    name: str
    sha256: str
    rendered: Rendered


def publish(stores: Stores, run: Run, progress: Progress = silent) -> Published:
    """Render and publish the feeds of every listing with news."""
    portfolio = stores.control.portfolio()
    with stores.warehouse() as warehouse:
        present = set(stores.feeds.names())
        _find_work(warehouse, portfolio, present, run)
        waiting = [row["listing"] for row in warehouse.rows("work_waiting", step="feeds")]
        desk = _Desk(stores, warehouse, portfolio, run, present)
        done = rendered = written = removed = 0
        for listings in batches(waiting, _AT_ONCE):
            counts = desk.publish(listings)
            rendered, written, removed = rendered + counts[0], written + counts[1], removed + counts[2]
            done += len(listings)
            progress(done, len(waiting))
        _save_manifest(stores, warehouse, portfolio)
    return Published(rendered, written, removed)


def rebuild(stores: Stores, run: Run, listings: list[str]) -> Published:
    """Render and publish these listings although nothing changed, with all others that have news."""
    with stores.warehouse() as warehouse, warehouse.transaction():
        warehouse.stage("asked", tables.ASKED_LISTINGS, [(slug,) for slug in listings])
        warehouse.run("work_asked", run_id=run.id)
    return publish(stores, run)


def _find_work(warehouse: Warehouse, portfolio: Portfolio, present: set[str], run: Run) -> None:
    """Beside what matching left: stays that leave the window by time alone, and files that are gone."""
    slugs = [listing.slug for listing in portfolio.listings]
    edges = [(slug, day - portfolio.settings.past) for slug, day in todays(portfolio, slugs, run.now)]
    with warehouse.transaction():
        warehouse.stage("edges", tables.EDGES, edges)
        warehouse.run("work_faded", run_id=run.id)
        warehouse.stage("present", tables.PRESENT, [(name,) for name in present])
        warehouse.run("work_lost", run_id=run.id)


class _Desk:
    """Publishes listings batch by batch."""

    def __init__(
        self, stores: Stores, warehouse: Warehouse, portfolio: Portfolio, run: Run, present: set[str]
    ) -> None:
        self._stores, self._warehouse, self._portfolio, self._run = stores, warehouse, portfolio, run
        self._present = present
        self._listings = {listing.slug: listing for listing in portfolio.listings if listing.enabled}
        self._audiences = portfolio.audiences()
        self._secret = stores.control.feed_secret()
        self._looks = Looks(titles(), colors())

    def publish(self, slugs: list[str]) -> tuple[int, int, int]:
        """Render, commit, write, mark as done; returns (rendered, written, removed)."""
        days = todays(self._portfolio, slugs, self._run.now)
        edges = [(slug, day - self._portfolio.settings.past) for slug, day in days]
        self._warehouse.stage("batch", tables.EDGES, edges)
        feeds = self._render(slugs)
        standing = {row["name"]: row for row in self._warehouse.rows("publish_versions")}
        self._commit(feeds, [feed for feed in feeds if _is_new(feed, standing)])
        due = [feed for feed in feeds if _is_due(feed, standing) or feed.name not in self._present]
        with ThreadPoolExecutor(_WRITERS) as writers:
            written = sum(writers.map(self._write, due))
        unwanted = standing.keys() - {feed.name for feed in feeds}
        for name in unwanted:
            self._stores.feeds.remove(name)
        with self._warehouse.transaction():
            self._warehouse.stage("retired", tables.RETIRED, [(name,) for name in unwanted])
            self._warehouse.run("publish_done", now=utc(self._run.now))
        return len(feeds), written, len(unwanted)

    def _render(self, slugs: list[str]) -> list[_Feed]:
        """All feeds of these listings; none of a listing that is not published any more."""
        stays: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self._warehouse.rows("publish_stays"):
            stays[row["listing"]].append(row)
        carried: dict[tuple[str, str], dict[str, Carried]] = defaultdict(dict)
        for row in self._warehouse.rows("publish_events"):
            carried[row["listing"], row["audience"]][row["uid"]] = carried_event(row)
        return [
            self._feed(self._listings[slug], audience, stays[slug], carried[slug, audience])
            for slug in slugs
            if slug in self._listings
            for audience in self._audiences[slug]
        ]

    def _feed(
        self, listing: Listing, audience: str, stays: list[dict[str, Any]], carried: Mapping[str, Carried]
    ) -> _Feed:
        sentinel: tuple[Occupation, ...] = ()
        if audience == _NEEDS_AN_EVENT:
            uid = stay_uid(self._secret, f"sentinel:{listing.slug}", audience)
            sentinel = far_sentinel(uid, SENTINEL_NIGHTS)
        rendered = render_feed(listing, audience, stays, carried, self._looks, self._run.now, sentinel)
        name = feed_name(self._secret, listing, audience)
        return _Feed(listing.slug, audience, name, hashlib.sha256(rendered.data).hexdigest(), rendered)

    def _commit(self, feeds: list[_Feed], news: list[_Feed]) -> None:
        """Remember what the feeds will carry, before any file is written."""
        written = [_event_row(feed, event) for feed in feeds for event in feed.rendered.written]
        ended = [(feed.listing, feed.audience, uid) for feed in feeds for uid in feed.rendered.ended]
        versions = [
            (f.listing, f.audience, f.name, f.sha256, f.rendered.events, len(f.rendered.data)) for f in news
        ]
        with self._warehouse.transaction():
            self._warehouse.stage("written_events", tables.WRITTEN_EVENTS, written)
            self._warehouse.stage("ended_events", tables.ENDED_EVENTS, ended)
            self._warehouse.stage("versions", tables.VERSIONS, versions)
            self._warehouse.run("publish_commit", now=utc(self._run.now), run_id=self._run.id)

    def _write(self, feed: _Feed) -> bool:
        return self._stores.feeds.write(feed.name, feed.rendered.data)


def _is_new(feed: _Feed, standing: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether these bytes are a version that was never committed under this name."""
    return feed.name not in standing or standing[feed.name]["sha256"] != feed.sha256


def _is_due(feed: _Feed, standing: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the file does not hold these bytes yet: they are new, or a killed sync did not come to it."""
    return _is_new(feed, standing) or not standing[feed.name]["published"]


def _event_row(feed: _Feed, event: FeedEvent) -> tuple[object, ...]:
    return (
        feed.listing,
        feed.audience,
        event.uid,
        event.check_in,
        event.check_out,
        event.summary,
        event.description,
        event.color,
        event.sequence,
        utc(event.last_modified),
    )


def _save_manifest(stores: Stores, warehouse: Warehouse, portfolio: Portfolio) -> None:
    """Say what is published; `last_ok` is the day on which the slowest source of a listing last answered."""
    states = stores.control.states()
    oldest: dict[str, date] = {}
    for connection in portfolio.connections:
        state = states.get(connection.id)
        if state and state.last_ok:
            for slug in connection.served:
                oldest[slug] = min(oldest.get(slug, date.max), state.last_ok.date())
    save(
        stores.feeds,
        {
            row["name"]: Entry(
                listing=row["listing"],
                audience=row["audience"],
                sha256=row["sha256"],
                events=row["events"],
                last_change=aware(row["last_change"]),
                last_ok=oldest.get(row["listing"], row["last_change"].date()),
            )
            for row in warehouse.rows("feeds_current")
        },
    )
