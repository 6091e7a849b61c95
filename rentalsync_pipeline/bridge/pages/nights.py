"""How nights are drawn: the look and the words of each, on the board and in strips.

Belongs here: from what is known of a night to a cell. Does not: reading it (`operations.looking.board`),
colours (`static/nights.css`). Colours never say anything alone: letters, patterns and words say it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rentalsync_pipeline.channels.registry import titles
from rentalsync_pipeline.core.conflicts import Certainty
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.operations.looking.board import Night

_MARKS: Mapping[str, tuple[str, int]] = {
    "airbnb": ("A", 1),
    "booking_com": ("B", 2),
    "fewo_direkt": ("V", 3),
    "expedia": ("E", 4),
    "google": ("G", 5),
    "ical": ("C", 6),
}
"""The letter and the number of the colour of the channels that most know; all others share two colours."""
_OTHERS = (7, 8)

KINDS: Mapping[Kind, str] = {
    Kind.RESERVATION: "a reservation",
    Kind.BLOCK: "blocked",
    Kind.TENTATIVE: "a request",
    Kind.UNKNOWN: "taken",
    Kind.HORIZON: "not sold yet",
}
_TWICE = {Certainty.CERTAIN: "sold twice", Certainty.POSSIBLE: "possibly sold twice"}


@dataclass(frozen=True, slots=True)
class Mark:
    """How a channel is told from others: letters and a colour, by its number."""

    title: str
    letters: str
    color: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A night as it is drawn; `look` are classes of the style sheet."""

    day: date
    look: str
    letters: str
    words: str


FREE = "free"


def mark(channel: str) -> Mark:
    """That of a channel; one that isn't ours is known by its own name."""
    title = titles().get(channel, channel)
    letters, color = _MARKS.get(channel, (title[:2], _OTHERS[sum(map(ord, channel)) % len(_OTHERS)]))
    return Mark(title, letters, color)


def days(first: date, count: int) -> list[date]:
    """So many days."""
    return [first + timedelta(days=n) for n in range(count)]


def cells(slug: str, held: Mapping[date, Night], shown: Iterable[date]) -> Iterator[Cell]:
    """The nights of a listing in their order; a stay bears its letters where one begins to see it."""
    before: Night | None = None
    for day in shown:
        night = held.get(day)
        yield _cell(slug, day, night, is_named=_begins(night, before))
        before = night


def legend(nights: Iterable[Night]) -> list[Mark]:
    """The marks of the channels that hold some of these."""
    channels = {night.channel for night in nights if night.kind is not Kind.HORIZON}
    return sorted(map(mark, channels), key=lambda each: (each.color, each.title))


def _begins(night: Night | None, before: Night | None) -> bool:
    if night is None or night.kind is Kind.HORIZON:
        return False
    return (
        night.begins
        or before is None
        or (night.channel, night.contested) != (before.channel, before.contested)
    )


def _cell(slug: str, day: date, night: Night | None, *, is_named: bool) -> Cell:
    if night is None:
        return Cell(day, FREE, "", FREE)
    its, look = mark(night.channel), [str(night.kind)]
    if night.kind is not Kind.HORIZON:
        look.append(f"c{its.color}")
    flags = {"begins": night.begins, "ends": night.ends, "contested": night.contested}
    look += [name for name, is_so in flags.items() if is_so]
    letters = "!" if night.contested else its.letters if is_named else ""
    return Cell(day, " ".join(look), letters, _words(slug, night, its))


def _words(slug: str, night: Night, its: Mark) -> str:
    said = [f"{its.title}: {KINDS[night.kind]}"]
    if night.home != slug:
        said.append(f"at {night.home}")
    if night.contested:
        said.append(_TWICE[night.contested])
    return ", ".join(said)
