"""Answers that are not believed: why, which nights a release would free, and deciding about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from rentalsync_pipeline.bridge.pages import after, nights
from rentalsync_pipeline.bridge.pages.frame import ByOperator, Reading
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.core.plausibility import Decision
from rentalsync_pipeline.operations.deciding import last_words
from rentalsync_pipeline.operations.deciding.quarantines import Change, decide, quarantines, standing
from rentalsync_pipeline.operations.deciding.quarantines import show as shown_by
from rentalsync_pipeline.operations.looking.board import board

router = APIRouter()

_BESIDE = 3
"""Nights that are drawn before and after what changes."""
_APART = 7
"""So many nights between two changes, and each has a strip of its own."""
_DRAWN = 62
"""Nights that a strip has at the most."""
_SAID = {Decision.RELEASE: "the answer is believed", Decision.REJECT: "the answer is never believed"}


@dataclass(frozen=True, slots=True)
class Strip:
    """Some nights of a listing as they are, and as they would be; `left_out` follow that are not drawn."""

    listing: str
    now: tuple[nights.Cell, ...]
    then: tuple[nights.Cell, ...]
    left_out: int


@router.get("/quarantine")
def show_all(page: Reading, everything: Annotated[bool, Query(alias="all")] = False) -> Response:
    """Those that stand, or all there ever were."""
    control = page.here.control
    found = quarantines(control, resolved=everything)
    words = last_words.on_quarantines(control, found)
    return page.show("quarantines.html", found=found, everything=everything, words=words)


@router.get("/quarantine/{quarantine}")
def show(page: Reading, quarantine: int) -> Response:
    """One, with the nights that its release would change."""
    control = page.here.control
    found = shown_by(control, quarantine, page.here.now())
    words = last_words.on_quarantines(control, [found.quarantine])
    return page.show(
        "quarantine.html",
        held=found.quarantine,
        changes=found.changes,
        strips=list(_strips(control.home, found.changes or ())),
        keys=control.listing_keys(),
        names=control.portfolio().names(),
        word=words.get(found.quarantine.id),
    )


@router.post("/quarantine/{quarantine}/decide")
def settle(
    page: ByOperator,
    quarantine: int,
    decision: Annotated[Decision, Form()],
    why: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Say whether the answer is right."""
    control = page.here.control
    held = standing(control, quarantine)
    decide(control, held, decision, page.by, page.here.now(), " ".join(why.split()))
    return after.asked(page, f"/quarantine/{quarantine}", f"{held.connection}: {_SAID[decision]}.")


def _strips(home: Home, changes: Sequence[Change]) -> Iterator[Strip]:
    for listing, of in groupby(changes, lambda change: change.listing):
        for near in _together(list(of)):
            yield _strip(home, listing, near)


def _together(changes: Sequence[Change]) -> list[list[Change]]:
    """Changes that lie so near that they are drawn as one."""
    drawn: list[list[Change]] = []
    for change in changes:
        if drawn and (change.first_night - drawn[-1][-1].last_night).days <= _APART:
            drawn[-1].append(change)
        else:
            drawn.append([change])
    return drawn


def _strip(home: Home, listing: str, changes: Sequence[Change]) -> Strip:
    first = changes[0].first_night - timedelta(days=_BESIDE)
    count = (changes[-1].last_night - first).days + 1 + _BESIDE
    shown = nights.days(first, min(count, _DRAWN))
    held = board(home, [listing], first, len(shown)).get(listing, {})
    now = tuple(nights.cells(listing, held, shown))
    then = tuple(_released(cell, changes) for cell in now)
    return Strip(listing, now, then, count - len(shown))


def _released(cell: nights.Cell, changes: Sequence[Change]) -> nights.Cell:
    """The night after a release."""
    for change in changes:
        if change.first_night <= cell.day <= change.last_night:
            if change.others:
                return nights.Cell(cell.day, "stays", "=", f"held by {', '.join(change.others)}")
            return nights.Cell(cell.day, "freed", "○", "becomes free")
    return cell
