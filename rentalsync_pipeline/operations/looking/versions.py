"""The versions of a listing's feeds: what each was, how long it stood, and finding one.

Belongs here: numbering and choosing them. Does not: publishing one again (`rollbacks`), its bytes (`stood`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.reading import Rows, find_listing, moment, snapshot
from rentalsync_pipeline.warehouse.moments import aware


class NoVersionError(LookupError):
    """There is no such version; the message says what there is."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a feed: its number, counted from 1 in each feed, and how long it stood."""

    listing: str
    audience: str
    version: int
    since: datetime
    until: datetime | None
    events: int
    bytes: int
    sha256: str
    run_id: str

    def stood(self, at: datetime) -> bool:
        """Whether it was the published one at a moment."""
        return self.since <= at and (self.until is None or at < self.until)


def versions(control: ControlStore, listing: str) -> list[Version]:
    """The versions of all feeds of a listing, the oldest of each first; raises `UnknownError`."""
    find_listing(control.portfolio(), listing)
    with snapshot(control.home) as rows:
        return read(rows, listing)


def read(rows: Rows, listing: str) -> list[Version]:
    """The same, from a snapshot that is open."""
    return [
        Version(**row | {"since": aware(row["since"]), "until": moment(row["until"])})
        for row in rows("read_versions", listings=[listing])
    ]


def earlier(found: Collection[Version], audience: str | None, to: int | datetime | None) -> list[Version]:
    """Of each feed, or of one, the version meant by a number or a moment, where it does not stand.

    Without either it is what stood before the last change of any of these feeds. Raises `NoVersionError`.
    """
    if isinstance(to, int) and audience is None:
        raise NoVersionError("versions are counted in each feed: say which one with `--audience`")
    of = [each for each in found if audience in (None, each.audience)]
    if not of:
        feeds = ", ".join(sorted({each.audience for each in found})) or "none yet"
        raise NoVersionError(f"there is no such feed; published are: {feeds}")
    wanted = to if to is not None else max(each.since for each in of) - timedelta(microseconds=1)
    meant = [
        each for each in of if (each.version == wanted if isinstance(wanted, int) else each.stood(wanted))
    ]
    if not any(each.until for each in meant):
        raise NoVersionError("nothing stood then that does not stand now; see `rentalsync feeds versions`")
    return [each for each in meant if each.until]
