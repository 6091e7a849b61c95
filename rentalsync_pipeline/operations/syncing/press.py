"""The press: renders, remembers and writes the feeds of a batch of listings, in this order.

Belongs here: the order of commit and write, so that a sync killed anywhere is continued with the same
bytes. Does not: which listings have news (`operations.syncing.publish`), rendering one feed
(`operations.syncing.rendering`), files (`publishing`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from rentalsync_pipeline.calendars.wording import SENTINEL_NIGHTS
from rentalsync_pipeline.calendars.writer import FeedEvent
from rentalsync_pipeline.channels.registry import colors, titles
from rentalsync_pipeline.core.model import Kind, Occupation
from rentalsync_pipeline.core.portfolio import FOR, Listing, Portfolio
from rentalsync_pipeline.operations.batching import todays
from rentalsync_pipeline.operations.chronicle import Step, take_step
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.syncing.pinned import Pinned
from rentalsync_pipeline.operations.syncing.pinning import pinned_feeds
from rentalsync_pipeline.operations.syncing.rendering import (
    Carried,
    Edition,
    Looks,
    Rendered,
    carried_event,
    render_feed,
)
from rentalsync_pipeline.publishing.names import feed_names, stay_uid
from rentalsync_pipeline.publishing.privacy import scan
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import utc
from rentalsync_pipeline.warehouse.warehouse import Warehouse

_WRITERS = 8

_NEEDS_AN_EVENT = f"{FOR}booking_com"

Standing = Mapping[str, Mapping[str, Any]]
"""The last version of each file, by its name."""


@dataclass(frozen=True, slots=True)
class Cut:
    """An event that was cut to its dates, because personal data was found in its text."""

    listing: str
    audience: str
    uid: str
    kinds: tuple[str, ...]


@dataclass(slots=True)
class Published:
    """What publishing came to: feeds rendered, files written, files taken away, events cut."""

    rendered: int = 0
    written: int = 0
    removed: int = 0
    cut: list[Cut] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Feed:
    listing: str
    audience: str
    names: tuple[str, ...]
    rendered: Rendered
    sha256: str


class Press:
    """Publishes listings batch by batch, and counts."""

    def __init__(self, stores: Stores, warehouse: Warehouse, portfolio: Portfolio, run: Run) -> None:
        self.tally = Published()
        self._stores, self._warehouse, self._portfolio, self._run = stores, warehouse, portfolio, run
        self._listings = {listing.slug: listing for listing in portfolio.listings if listing.enabled}
        self._audiences = portfolio.audiences()
        self._secret = stores.control.feed_secret()
        self._looks = Looks(titles(), colors(), portfolio.names())

    def publish(self, slugs: list[str], present: Collection[str]) -> None:
        """Publish these listings; `present` are the files that are in place now."""
        days = todays(self._portfolio, slugs, self._run.now)
        edges = [(slug, day - self._portfolio.settings.past) for slug, day in days]
        self._warehouse.stage("batch", tables.EDGES, edges)
        feeds = self._render(slugs)
        standing: Standing = {row["name"]: row for row in self._warehouse.rows("publish_versions")}
        self._commit(feeds, standing)
        due = {
            name: feed.rendered.data
            for feed in feeds
            for name in feed.names
            if name not in present or _is_due(name, feed, standing)
        }
        with ThreadPoolExecutor(_WRITERS) as writers:
            self.tally.written += sum(writers.map(self._stores.feeds.write, due.keys(), due.values()))
        self._finish(standing.keys() - {name for feed in feeds for name in feed.names})
        self.tally.rendered += len(feeds)

    def _render(self, slugs: list[str]) -> list[_Feed]:
        """All feeds of these listings; none of a listing that is not published any more."""
        stays: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self._warehouse.rows("publish_stays"):
            stays[row["listing"]].append(row)
        carried: dict[tuple[str, str], dict[str, Carried]] = defaultdict(dict)
        for row in self._warehouse.rows("publish_events", now=utc(self._run.now)):
            carried[row["listing"], row["audience"]][row["uid"]] = carried_event(row)
        pinned = pinned_feeds(self._warehouse, self._secret)
        return [
            self._feed(
                self._edition(self._listings[slug], audience, pinned), stays[slug], carried[slug, audience]
            )
            for slug in slugs
            if slug in self._listings
            for audience in self._audiences[slug]
        ]

    def _edition(self, listing: Listing, audience: str, pinned: Mapping[tuple[str, str], Pinned]) -> Edition:
        return Edition(
            listing=listing,
            audience=audience,
            looks=self._looks,
            now=self._run.now,
            refresh=self._portfolio.settings.interval,
            spare=self._spare(listing, audience),
            pinned=pinned.get((listing.slug, audience)),
        )

    def _feed(self, edition: Edition, stays: list[dict[str, Any]], carried: Mapping[str, Carried]) -> _Feed:
        """One feed. Its bytes are looked through once more: nights are never held back, words are."""
        listing, audience = edition.listing, edition.audience
        rendered = render_feed(edition, stays, carried)
        if findings := scan(rendered.data, codes={stay["code"] for stay in stays if stay["code"]}):
            self.tally.cut += [Cut(listing.slug, audience, found.uid, found.kinds) for found in findings]
            rendered = render_feed(edition, stays, carried, bare={found.uid for found in findings})
        names = feed_names(self._secret, listing, audience, self._run.now)
        return _Feed(listing.slug, audience, names, rendered, hashlib.sha256(rendered.data).hexdigest())

    def _spare(self, listing: Listing, audience: str) -> tuple[Occupation, ...]:
        """The one far event of a feed that would be empty, for the importer that refuses such a calendar."""
        if audience != _NEEDS_AN_EVENT:
            return ()
        uid = stay_uid(self._secret, f"sentinel:{listing.slug}", audience)
        return (Occupation(uid, Kind.BLOCK, *SENTINEL_NIGHTS),)

    def _commit(self, feeds: list[_Feed], standing: Standing) -> None:
        """Remember what the feeds will carry, before any file is written."""
        written = [_event_row(feed, event) for feed in feeds for event in feed.rendered.written]
        ended = [(feed.listing, feed.audience, uid) for feed in feeds for uid in feed.rendered.ended]
        versions = [
            (feed.listing, feed.audience, name, feed.sha256, feed.rendered.events, len(feed.rendered.data))
            for feed in feeds
            for name in feed.names
            if _is_new(name, feed, standing)
        ]
        with self._warehouse.transaction():
            self._warehouse.stage("written_events", tables.WRITTEN_EVENTS, written)
            self._warehouse.stage("ended_events", tables.ENDED_EVENTS, ended)
            self._warehouse.stage("versions", tables.VERSIONS, versions)
            self._warehouse.run("publish_commit", now=utc(self._run.now), run_id=self._run.id)
            take_step(self._warehouse, self._run, Step.PUBLISH)

    def _finish(self, unwanted: Collection[str]) -> None:
        """Take away what nobody wants any more, and mark the batch as done."""
        for name in unwanted:
            self._stores.feeds.remove(name)
        self.tally.removed += len(unwanted)
        with self._warehouse.transaction():
            self._warehouse.stage("retired", tables.RETIRED, [(name,) for name in unwanted])
            self._warehouse.run("publish_done", now=utc(self._run.now))


def _is_new(name: str, feed: _Feed, standing: Standing) -> bool:
    """Whether these bytes are a version that was never committed under this name."""
    return name not in standing or standing[name]["sha256"] != feed.sha256


def _is_due(name: str, feed: _Feed, standing: Standing) -> bool:
    """Whether the file does not hold these bytes yet: they are new, or a killed sync did not come to it."""
    return _is_new(name, feed, standing) or not standing[name]["published"]


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
        feed.rendered.form,
        event.sequence,
        utc(event.last_modified),
    )
