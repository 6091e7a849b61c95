"""The conflict ledger in words: which nights are held twice, by whom, who was first.

Belongs here: reading the ledger. Does not: what counts as a conflict (`core.conflicts`), finding them
(`operations.syncing.match`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from rentalsync_pipeline.channels.registry import titles
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.absence import CAUSES, Cause
from rentalsync_pipeline.core.conflicts import Certainty, Verdict
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.operations.reading import Row, moment, snapshot
from rentalsync_pipeline.warehouse.moments import aware


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two stays, as far as a host needs to find it at its channel."""

    stay: str
    listing: str
    channel: str
    connections: tuple[str, ...]
    kind: str
    code: str | None
    check_in: date
    check_out: date
    first_seen: datetime

    def __str__(self) -> str:
        who = titles().get(self.channel, self.channel)
        named = f" {self.code}" if self.code else ""
        return f"{who}'s {self.kind}{named} ({self.check_in} to {self.check_out})"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two stays that share the nights `first_night` to `last_night`, both included.

    They are of one listing (`listing` is that of the first), or of a house and its room.
    """

    id: int
    listing: str
    certainty: Certainty
    first_night: date
    last_night: date
    days_to_arrival: int
    """Until the first shared night; negative when it has passed."""
    first: Side
    second: Side
    first_seen: datetime
    resolved: datetime | None
    resolution: str | None
    verdict: Verdict | None
    """What a person said of it, where that ended it."""

    @property
    def words(self) -> str:
        """One sentence: the nights, both sides, and who was first."""
        count = (self.last_night - self.first_night).days + 1
        nights = "1 night" if count == 1 else f"{count} nights"
        where = " / ".join(dict.fromkeys((self.first.listing, self.second.listing)))
        if self.certainty is Certainty.TO_CONFIRM:
            return (
                f"{where} shows {nights} from {self.first_night} twice: {self.first} and "
                f"{self.second}, taken for an echo as nobody knows who was first; please confirm."
            )
        return (
            f"{where} has a {self.certainty} double booking of {nights} from {self.first_night}: "
            f"{self.first} and {self.second}; {self.order}."
        )

    @property
    def may_be_echo(self) -> bool:
        """Whether one of them may be a copy: its channel doesn't say that it sold it."""
        return not {self.first.kind, self.second.kind} <= {Kind.RESERVATION, Kind.TENTATIVE}

    @property
    def order(self) -> str:
        """Who was first, the first side being the former."""
        first, second = self.first.first_seen, self.second.first_seen
        if first == second:
            return "both were first seen in the same sync"
        return f"the former was first seen {first:%Y-%m-%d %H:%M}, the latter {second:%Y-%m-%d %H:%M} UTC"


def conflicts(control: ControlStore, now: datetime, *, resolved: bool = False) -> list[Conflict]:
    """Open conflicts whose nights lie ahead, certain and urgent ones first; `resolved` ones, too."""
    return [each for each in _ledger(control, now, resolved) if each.certainty is not Certainty.TO_CONFIRM]


def to_confirm(control: ControlStore, now: datetime, *, resolved: bool = False) -> list[Conflict]:
    """Pairs that count as one stay without anybody knowing who was first: no trouble, a question."""
    return [each for each in _ledger(control, now, resolved) if each.certainty is Certainty.TO_CONFIRM]


def conflict_counts(home: Home, now: datetime) -> dict[str, int]:
    """How many double bookings are open and lie ahead, by the slug of each listing that has any."""
    with snapshot(home) as rows:
        found = rows("count_conflicts", today=now.date())
    return {row["listing"]: row["conflicts"] for row in found}


def _ledger(control: ControlStore, now: datetime, resolved: bool) -> list[Conflict]:
    with snapshot(control.home) as rows:
        found = rows("read_conflicts", today=now.date(), resolved=resolved)
    return [_conflict(row, now.date()) for row in found]


def _conflict(row: Row, today: date) -> Conflict:
    return Conflict(
        id=row["conflict"],
        listing=row["listing_a"],
        certainty=Certainty(row["certainty"]),
        first_night=row["first_night"],
        last_night=row["last_night"],
        days_to_arrival=(row["first_night"] - today).days,
        first=_side(row, "a"),
        second=_side(row, "b"),
        first_seen=aware(row["first_seen"]),
        resolved=moment(row["resolved"]),
        resolution=row["resolution"] and "; ".join([row["resolution"], *_deeds(row)]),
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
    )


def _deeds(row: Row) -> Iterator[str]:
    """What each side did to make an end of it."""
    for side in ("a", "b"):
        if row[f"did_{side}"]:
            cause = row[f"cause_{side}"]
            yield f"{_side(row, side)}: {CAUSES[Cause(cause)] if cause else 'these are its dates now'}"


def _side(row: Row, side: str) -> Side:
    return Side(
        stay=row[f"stay_{side}"],
        listing=row[f"listing_{side}"],
        channel=row[f"channel_{side}"],
        connections=tuple(row[f"connections_{side}"] or ()),
        kind=row[f"kind_{side}"],
        code=row[f"code_{side}"],
        check_in=row[f"check_in_{side}"],
        check_out=row[f"check_out_{side}"],
        first_seen=aware(row[f"seen_{side}"]),
    )
