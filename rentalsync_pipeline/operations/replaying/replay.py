"""`replay`: the feeds of any past moment, made again in a folder.

Belongs here: the two ways, and how they differ night by night. Does not: what stood (`stood`), letting the
past happen again (`rerun`). Published feeds are never touched.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.nightset import ranges
from rentalsync_pipeline.operations.progress import Progress, silent
from rentalsync_pipeline.operations.replaying.past import Past, PastRun, past_of
from rentalsync_pipeline.operations.replaying.rerun import rerun
from rentalsync_pipeline.operations.replaying.stood import Stood, feeds_of
from rentalsync_pipeline.publishing.store import FeedStore
from rentalsync_pipeline.warehouse.bodies import Bodies


class ReplayError(ValueError):
    """That moment can't be replayed; the message says why, and what can be done instead."""


class Rules(StrEnum):
    """By whose rules."""

    THEN = "then"
    """What was published, as the files were."""
    CURRENT = "current"
    """What today's rules make of all answers up to that moment."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A feed of that moment, and whether it has the very bytes of the file that was published.

    `forgotten` counts the events whose words retention has taken since: they say `Reserved`.
    """

    listing: str
    audience: str
    name: str
    events: int
    forgotten: int
    is_identical: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Nights, both ends included, that were `busy` in what was published and are not now, or the reverse."""

    listing: str
    audience: str
    first_night: date
    last_night: date
    busy: bool


@dataclass(frozen=True, slots=True)
class Replay:
    """The feeds as of a sync, the last one before the moment that was asked for; `syncs` counts up to it.

    `differences` are between what was published and what was replayed.
    """

    as_of: datetime
    rules: Rules
    folder: Path
    syncs: int
    feeds: tuple[Replayed, ...]
    differences: tuple[Difference, ...] = ()


def replay(
    control: ControlStore,
    as_of: datetime,
    rules: Rules,
    now: datetime,
    folder: Path | None = None,
    progress: Progress = silent,
) -> Replay:
    """Write the feeds of a moment into a folder; without one, into one of the home's.

    Raises `ReplayError` for a moment that has not been, before the first sync, or, by today's rules, of
    which answers are not kept any more; and where the folder holds something.
    """
    if as_of > max(now, control.last_sync() or now):
        raise ReplayError(f"{as_of.isoformat()} lies in the future: a replay looks back")
    target = folder or _place(control, as_of, rules)
    if target.exists() and any(target.iterdir()):
        raise ReplayError(f"{target} is not empty: name a folder of its own, so that nothing is mixed up")
    with past_of(control.home) as past:
        runs = past.until(as_of)
        if not runs:
            raise ReplayError(_before(past, as_of))
        published = feeds_of(past, as_of)
        stood = published
        if rules is Rules.CURRENT:
            stood = _relived(control, past, runs, as_of, progress)
    store = FeedStore(target)
    for feed in stood:
        store.write(feed.name, feed.data)
    digests = {feed.name: feed.sha256 for feed in published}
    feeds = (_replayed(feed, digests.get(feed.name)) for feed in stood)
    return Replay(runs[-1].now, rules, target, len(runs), tuple(feeds), tuple(_compare(published, stood)))


def _place(control: ControlStore, as_of: datetime, rules: Rules) -> Path:
    """A folder of the home, emptied of an earlier replay of the same moment."""
    place = control.home.path / "replay" / f"{as_of:%Y%m%dT%H%M%SZ}-{rules}"
    shutil.rmtree(place, ignore_errors=True)
    return place


def _before(past: Past, as_of: datetime) -> str:
    first = f"that was at {past.runs[0].now.isoformat()}" if past.runs else "there was none yet"
    return f"{as_of.isoformat()} lies before the first sync: {first}"


def _relived(
    control: ControlStore, past: Past, runs: list[PastRun], as_of: datetime, progress: Progress
) -> list[Stood]:
    bodies = Bodies(control.home.bodies)
    needed = past.contents(as_of)
    if lost := needed.keys() - set(bodies.contents()):
        last = max(needed[content] for content in lost)
        raise ReplayError(
            f"{len(lost)} of {len(needed)} answers are not kept any more, the last of them of "
            f"{last:%Y-%m-%d} (see `retention_days`): `--rules then` works for any moment"
        )
    with rerun(past, runs, bodies, control.feed_secret(), progress) as warehouse:
        return feeds_of(Past(warehouse), as_of)


def _replayed(feed: Stood, published: str | None) -> Replayed:
    is_identical = hashlib.sha256(feed.data).hexdigest() == published
    return Replayed(feed.listing, feed.audience, feed.name, feed.events, feed.forgotten, is_identical)


def _compare(published: list[Stood], stood: list[Stood]) -> Iterator[Difference]:
    """Where the nights of each feed differ; a feed that one side lacks has none."""
    before = {(feed.listing, feed.audience): feed.nights for feed in published}
    after = {(feed.listing, feed.audience): feed.nights for feed in stood}
    for listing, audience in sorted(before.keys() | after.keys()):
        then, now = before.get((listing, audience), 0), after.get((listing, audience), 0)
        for nights, busy in ((then & ~now, True), (now & ~then, False)):
            for first, end in ranges(nights):
                yield Difference(listing, audience, first, end - timedelta(days=1), busy)
