"""Who decided what: a person's last word on each quarantine and double booking, and what waits for a sync.

Belongs here: reading it back from the requests. Does not: asking (`quarantines`, `syncing.settle`,
`rollbacks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from rentalsync_pipeline.control.state import Request
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.conflicts import Verdict
from rentalsync_pipeline.core.plausibility import Decision
from rentalsync_pipeline.operations.asking import LISTING, RENAME
from rentalsync_pipeline.operations.deciding.quarantines import Held
from rentalsync_pipeline.operations.looking.conflicts import Conflict
from rentalsync_pipeline.operations.syncing import doubting, pinning, settle

_OF_A_LISTING = MappingProxyType(
    {
        LISTING: "its channels are asked",
        RENAME: "it is called by its new slug",
        pinning.REQUEST: "another version of its calendars is published",
    }
)
"""What the next sync does about each kind of request whose subject is a listing."""


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said; `done` is when a sync heard of it, `why` the reason in their own words."""

    said: Decision | Verdict | None
    """`None`: what was said before is taken back."""
    by: str
    asked: datetime
    done: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the next sync will do because somebody asked."""

    words: str
    by: str
    asked: datetime


def on_quarantines(control: ControlStore, held: Iterable[Held]) -> Mapping[int, Word]:
    """The last word on each of these, by its number."""
    found = reversed(control.last_requests(doubting.REQUESTS.keys()))
    said = {_number(each): _word(each, doubting.REQUESTS[each.kind]) for each in found}
    return _of(said, {each.id: each.since for each in held})


def on_conflicts(control: ControlStore, listed: Iterable[Conflict]) -> Mapping[int, Word]:
    """The last word on each of these, by its number."""
    found = reversed(control.last_requests(settle.REQUESTS.keys()))
    said = {int(each.subject): _word(each, settle.REQUESTS[each.kind]) for each in found}
    return _of(said, {each.id: each.first_seen for each in listed})


def waiting(control: ControlStore, listing: str) -> list[Waiting]:
    """What waits of a listing, oldest first."""
    return [
        Waiting(_OF_A_LISTING[each.kind], each.asked_by, each.asked_at)
        for each in control.waiting()
        if each.kind in _OF_A_LISTING and each.subject == listing
    ]


def _of(said: Mapping[int, Word], since: Mapping[int, datetime]) -> Mapping[int, Word]:
    """Without what was said before that number was given: a warehouse that begins anew counts anew."""
    return {number: word for number, word in said.items() if number in since and word.asked >= since[number]}


def _number(request: Request) -> int:
    return int(str(request.payload["quarantine"]))


def _word(request: Request, said: Decision | Verdict | None) -> Word:
    why = str(request.payload.get("why", ""))
    return Word(said, request.asked_by, request.asked_at, request.done_at, why)
