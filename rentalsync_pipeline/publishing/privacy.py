"""The last look before publishing: personal data in the bytes of a feed.

Belongs here: which lines of a feed are looked at. Does not: the patterns (`core.privacy`), cleaning texts
(`calendars.wording` does, long before), what follows from a finding (`operations.publish`). It reads the
finished bytes and trusts nothing that came before it; that is its use.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from rentalsync_pipeline.calendars.lines import content_lines, text, unfold
from rentalsync_pipeline.core.privacy import findings

_OURS = frozenset(
    b"BEGIN END UID DTSTAMP DTSTART DTEND LAST-MODIFIED SEQUENCE STATUS TRANSP COLOR URL".split()
)
"""Properties in which no guest ever wrote. All others are looked at, also any that is added later."""

_ADDRESS = re.compile(r"^https?://\S+$", re.MULTILINE)
"""A web address alone on its line: the reservation's, whose ids look like phone numbers."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An event that holds personal data: which, and what kinds, never the data."""

    uid: str
    kinds: tuple[str, ...]


def scan(data: bytes, codes: Collection[str] = ()) -> list[Finding]:
    """The events of a feed with an e-mail address or a phone number in them, in their order.

    `codes` are the reservation codes that the feed shows: some channels' are ten digits, which nothing but
    knowing them tells from a phone number.
    """
    known = _whole_words(codes)
    found: list[Finding] = []
    uid, kinds = "", set[str]()
    for head, written in content_lines(unfold(data)):
        name, value = head.partition(b";")[0], written.strip()
        if (name, value) == (b"BEGIN", b"VEVENT"):
            uid, kinds = "", set()
        elif (name, value) == (b"END", b"VEVENT"):
            if kinds:
                found.append(Finding(uid, tuple(sorted(kinds))))
        elif name == b"UID":
            uid = text(value)
        elif name not in _OURS:
            kinds.update(findings(known.sub("", _ADDRESS.sub("", text(value)))))
    return found


def _whole_words(words: Collection[str]) -> re.Pattern[str]:
    """One that matches any of the words, and nothing where there are none."""
    alternatives = "|".join(map(re.escape, sorted(filter(None, words))))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)" if alternatives else r"(?!)")
