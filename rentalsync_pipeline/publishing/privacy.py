"""The last look before publishing: personal data in the bytes of a feed.

Belongs here: which lines of a feed are looked at. Does not: the patterns (`core.privacy`), cleaning texts
(`calendars.wording` does, long before), what follows from a finding (`operations.syncing.publish`). It reads
the finished bytes and trusts nothing that came before it; that is its use.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rentalsync_pipeline.calendars.lines import text, unfold
from rentalsync_pipeline.core.privacy import findings

_OURS = tuple(
    name + mark
    for name in b"BEGIN END UID DTSTAMP DTSTART DTEND LAST-MODIFIED SEQUENCE STATUS TRANSP COLOR URL".split()
    for mark in (b":", b";")
)
"""Lines in which no guest ever wrote. All others are looked at, also any that is added later."""

_WORTH_A_LOOK = re.compile(rb"[@\x80-\xff]|[(\[]at[)\]]|(?:\d\D*+){7}", re.IGNORECASE)
"""What every finding has: an at-sign, however it is written, or seven digits. Digits of other scripts are no
ASCII. Most lines have none of these, and cost no more than this."""

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
    lines = unfold(data).split(b"\n")
    theirs = (line for line in set(lines) if not line.startswith(_OURS) and _WORTH_A_LOOK.search(line))
    suspects = {line: words for line in theirs if findings(words := _words(line))}
    if not suspects:
        return []
    known = _whole_words(codes)
    told = {line: findings(known.sub("", words)) for line, words in suspects.items()}
    return list(_events(lines, told))


def _words(line: bytes) -> str:
    """What a guest may have written on a line."""
    return _ADDRESS.sub("", text(line.partition(b":")[2]))


def _events(lines: Iterable[bytes], told: Mapping[bytes, Iterable[str]]) -> Iterator[Finding]:
    """The events with lines that tell personal data."""
    uid, kinds = "", set[str]()
    for line in lines:
        if line == b"BEGIN:VEVENT":
            uid, kinds = "", set()
        elif line.startswith(b"UID:"):
            uid = text(line.removeprefix(b"UID:"))
        elif line == b"END:VEVENT" and kinds:
            yield Finding(uid, tuple(sorted(kinds)))
        kinds.update(told.get(line, ()))


def _whole_words(words: Collection[str]) -> re.Pattern[str]:
    """One that matches any of the words, and nothing where there are none."""
    alternatives = "|".join(map(re.escape, sorted(filter(None, words))))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)" if alternatives else r"(?!)")
