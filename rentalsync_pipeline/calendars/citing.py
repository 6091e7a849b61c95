"""The very event behind a booking, byte for byte as its channel wrote it.

Belongs here: finding it again in the body that brought it. Does not: reading it (`reading`), which body that
was (`operations.looking.explain`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from rentalsync_pipeline.core.model import Booking, Reading

_EVENT = re.compile(
    rb"^BEGIN[ \t]*:[ \t]*VEVENT[ \t]*\r?$.*?^END[ \t]*:[ \t]*VEVENT[ \t]*(?=\r?$)",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)

Read = Callable[[bytes], Reading]


def cite(body: bytes, key: str, check_in: date, check_out: date, read: Read) -> bytes | None:
    """The event from which a booking was read; `None` where the body holds nothing like it.

    Each event is read alone, in the calendar around it, by the reader that made the booking. Where none
    bears its key (Booking.com gives a running closure another id every day), it is the one of the same
    nights, or of most of them.
    """
    outside = _EVENT.split(body)
    before, after = outside[0], b"".join(outside[1:])
    likeness = {
        found[0]: max(
            (_likeness(each, key, check_in, check_out) for each in read(before + found[0] + after).bookings),
            default=_UNLIKE,
        )
        for found in _EVENT.finditer(body)
    }
    best = max(likeness, key=lambda event: likeness[event], default=None)
    return best if best is not None and likeness[best] > _UNLIKE else None


_UNLIKE = (False, False, 0)


def _likeness(booking: Booking, key: str, check_in: date, check_out: date) -> tuple[bool, bool, int]:
    shared = min(booking.check_out, check_out) - max(booking.check_in, check_in)
    is_same = (booking.check_in, booking.check_out) == (check_in, check_out)
    return booking.key == key, is_same, max(0, shared.days)
