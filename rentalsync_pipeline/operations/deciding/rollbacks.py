"""`feeds rollback`: asking that an earlier version of a feed is published again, until a person ends that.

Belongs here: the request, what a rollback would do, and which stand. Does not: carrying it out (`pinning`).
Nothing but a person ends a rollback: an end by itself would be one more rule that frees nights.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.nightset import NightSet, between, ranges
from rentalsync_pipeline.operations.looking import versions
from rentalsync_pipeline.operations.looking.versions import NoVersionError, Version
from rentalsync_pipeline.operations.reading import Row, Rows, find_listing, snapshot
from rentalsync_pipeline.operations.syncing.pinned import let_go
from rentalsync_pipeline.operations.syncing.pinning import REQUEST
from rentalsync_pipeline.warehouse.moments import aware, utc


@dataclass(frozen=True, slots=True)
class Standing:
    """A rollback that stands: the feed shows what it showed at `moment`; so many stays were let go."""

    listing: str
    audience: str
    moment: datetime
    since: datetime
    let_go: int


@dataclass(frozen=True, slots=True)
class Nights:
    """A range of nights, both ends included."""

    first_night: date
    last_night: date


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What a rollback will do to a feed.

    `held` are nights that only the older version shows as taken. `taken` are those that it shows as free
    though they are taken now: they stay so, unless they are `freed`.
    """

    audience: str
    version: int
    since: datetime
    held: tuple[Nights, ...]
    taken: tuple[Nights, ...]
    freed: bool


def standing(control: ControlStore, listing: str | None = None) -> list[Standing]:
    """The rollbacks that stand, of one listing or of all."""
    with snapshot(control.home) as rows:
        found = [_standing(row) for row in rows("read_rollbacks")]
    return [each for each in found if listing in (None, each.listing)]


def preview(
    control: ControlStore, listing: str, audience: str | None, to: int | datetime | None, now: datetime
) -> list[RolledBack]:
    """What `roll_back` would do, without asking for it."""
    find_listing(control.portfolio(), listing)
    with snapshot(control.home) as rows:
        chosen = versions.earlier(versions.read(rows, listing), audience, to)
        return [_planned(rows, listing, each, now.date(), freed=False) for each in chosen]


def roll_back(
    control: ControlStore,
    listing: str,
    audience: str | None,
    to: int | datetime | None,
    *,
    free_nights: bool,
    asked_by: str,
    now: datetime,
) -> list[RolledBack]:
    """Ask the next sync to publish earlier versions of a listing's feeds, or of one, again.

    `to` is as `versions.earlier` has it. With `free_nights` the stays that hold nights now are let go: those
    that the version lacks become free; what is sold from now on is not. Raises `UnknownError` or
    `NoVersionError`.
    """
    find_listing(control.portfolio(), listing)
    with snapshot(control.home) as rows:
        chosen = versions.earlier(versions.read(rows, listing), audience, to)
        done = [_planned(rows, listing, each, now.date(), freed=free_nights) for each in chosen]
        gone = [let_go(**row) for row in rows("read_taken", listing=listing)] if free_nights else []
    feeds = {each.audience: each.since.isoformat() for each in chosen}
    told = {**feeds, "stays_let_go": str(len(gone))}
    control.decide(REQUEST, listing, {"feeds": feeds, "let_go": gone}, told, asked_by, now)
    return done


def end(control: ControlStore, listing: str, audience: str | None, asked_by: str, now: datetime) -> list[str]:
    """Ask the next sync to end the rollbacks of a listing's feeds, or of one; returns the audiences."""
    find_listing(control.portfolio(), listing)
    ended = [each.audience for each in standing(control, listing) if audience in (None, each.audience)]
    if not ended:
        raise NoVersionError(f"no such feed of {listing} is rolled back")
    feeds = dict.fromkeys(ended)
    control.decide(REQUEST, listing, {"feeds": feeds, "let_go": []}, feeds, asked_by, now)
    return ended


def _standing(row: Row) -> Standing:
    return Standing(**row | {"moment": aware(row["moment"]), "since": aware(row["since"])})


def _planned(rows: Rows, listing: str, version: Version, today: date, *, freed: bool) -> RolledBack:
    ahead = between(today, date.max)

    def shown(at: datetime | None) -> NightSet:
        nights = 0
        for row in rows("read_carried", listing=listing, audience=version.audience, moment=at and utc(at)):
            nights |= between(row["check_in"], row["check_out"])
        return nights & ahead

    then, now = shown(version.since), shown(None)
    held, taken = _ranges(then & ~now), _ranges(now & ~then)
    return RolledBack(version.audience, version.version, version.since, held, taken, freed)


def _ranges(nights: NightSet) -> tuple[Nights, ...]:
    return tuple(Nights(first, stop - timedelta(days=1)) for first, stop in ranges(nights))
