"""The shapes of a calendar: how its producer writes, with everything that is a guest's taken out.

Belongs here: finding shapes in a body. Does not: which of them are known (`core.drift`), reading the body
(`reading`, which this leaves alone: it is a second, cheaper look at the same bytes).

A SUMMARY keeps the words that channels use and loses all others: `reserved - …`. A UID keeps the marks that
tell kinds apart, and its host: `1418fb94e984-x@airbnb.com`. A PRODID, and the name of a property, stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rentalsync_pipeline.calendars.dialects import DIALECTS
from rentalsync_pipeline.calendars.events import header
from rentalsync_pipeline.calendars.lines import text, unfold
from rentalsync_pipeline.calendars.words import VOCABULARY
from rentalsync_pipeline.core.drift import Shape, What

_LONGEST = 80
_LOOKED_AT = 400
"""Of a text, no more characters are masked: the masks take time by the square of a run of marks."""
_NAME = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{0,60})[;:]", re.MULTILINE)
_SUMMARY = re.compile(rb"^SUMMARY(?:;[^:\n]*)?:(.*)", re.IGNORECASE | re.MULTILINE)
_UID = re.compile(rb"^UID(?:;[^:\n]*)?:(.*)", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_OTHERS = re.compile(r"[^\w\s…]*…(?:[\W_]*…)*[^\w\s…]*")
_MARKS = frozenset(piece.strip("-") for dialect in DIALECTS for piece, _ in dialect.uid_kinds)


def shapes(body: bytes) -> set[Shape]:
    """Every shape in a calendar."""
    unfolded = unfold(body)
    return set(_shapes(unfolded))


def _shapes(unfolded: bytes) -> Iterator[Shape]:
    if prodid := header(unfolded).prodid:
        yield Shape(What.PRODID, prodid[:_LONGEST])
    for name in set(_NAME.findall(unfolded)):
        yield Shape(What.PROPERTY, name.decode().upper())
    for written in set(_SUMMARY.findall(unfolded)):
        yield Shape(What.SUMMARY, summary_shape(text(written)))
    for written in set(_UID.findall(unfolded)):
        yield Shape(What.UID, uid_shape(text(written)))


def summary_shape(summary: str) -> str:
    """`Réservée - Chantal` is `réservée - …`; a row of words that are nobody's business is one `…`."""
    opening = summary[:_LOOKED_AT]
    masked = _WORD.sub(lambda word: word[0].casefold() if word[0].casefold() in VOCABULARY else "…", opening)
    return _OTHERS.sub("…", masked)[:_LONGEST]


def uid_shape(uid: str) -> str:
    """Runs of letters and digits become `x`, but for marks that a dialect knows and the name of a host."""
    local, at, host = uid[:_LOOKED_AT].partition("@")
    masked = re.sub(r"\w+", lambda run: run[0] if run[0] in _MARKS else "x", local)
    return f"{masked}{at}{host.casefold()}"[:_LONGEST]
