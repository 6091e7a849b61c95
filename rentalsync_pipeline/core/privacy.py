"""What must not leave in free text: e-mail addresses and phone numbers.

Belongs here: the patterns, cleaning a text of them, naming what was found. Does not: which bytes are
scanned and what follows from a finding (`publishing.privacy`).

In doubt a number is a phone number: a booking reference that becomes `[removed]` is a nuisance, a phone
number in a public calendar is a leak. Dates, times, prices, codes with letters, ids inside URLs and the
last four digits stay.
"""

from __future__ import annotations

import re

REMOVED = "[removed]"

_DATE = (
    r"(?<!\d)(?:"
    r"(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:[0-2]?\d|3[01])"
    r"|(?:[0-2]?\d|3[01])[-./] ?(?:[0-2]?\d|3[01])[-./] ?(?:(?:19|20)\d\d|\d\d(?![ ./-]?\d))"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
    r")(?!\d)"
)
_GAP = r"[ \t\u00a0\u202f.()/\u2010-\u2013-]{0,3}"
_DIGIT = rf"(?!{_DATE})\d"

_PATTERNS = {
    "e-mail address": re.compile(
        r"(?<![\w.+%-])[\w.+%-]++ ?(?:@|\(at\)|\[at\]) ?[\w-]++(?:(?:\.|\(dot\)|\[dot\])[\w-]++)+",
        re.IGNORECASE,
    ),
    "phone number": re.compile(
        rf"(?:(?<!\w)\+{_GAP}[1-9](?:{_GAP}{_DIGIT}){{6,}}"
        rf"|(?:(?<=wa\.me/)|(?<![\w/=%-]))\(?{_DIGIT}(?:{_GAP}{_DIGIT}){{8,}})(?!\w)"
    ),
}
"""A phone number has seven digits (E.164) behind a plus, nine or more without one."""


def clean(text: str) -> str:
    """The text with `[removed]` in the place of each finding."""
    for pattern in _PATTERNS.values():
        text = pattern.sub(REMOVED, text)
    return text


def findings(text: str) -> list[str]:
    """The kinds of personal data in a text, never the data."""
    return [kind for kind, pattern in _PATTERNS.items() if pattern.search(text)]
