"""How an account's answer is kept: one JSON document of the records as they were sent.

Belongs here: writing it, what is never written, and reading it again. Does not: what a record means (each
channel). The same records give the same bytes, in whatever order they came.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.verbs import Verbs
from rentalsync_pipeline.core.model import Booking, Reading, Rejected

VERSION = 1

DROPPED = frozenset(
    {
        "cardsonfile",
        "creditcard",
        "creditcards",
        "card",
        "paymentcard",
        "cardnumber",
        "cardtype",
        "cvc",
        "cvv",
        "iban",
        "guarantee",
        "guestdocumentnumber",
        "password",
        "accesstoken",
        "refreshtoken",
    }
)
"""Names of fields that are dropped wherever they stand, in small letters and without `_` and `-`: card data
(PCI DSS 3.2 forbids keeping it), papers, and whatever opens doors."""

POISON = (LookupError, TypeError, ValueError, AttributeError)
"""What reading a record may raise, when it is not as its documents say."""


def write(
    records: Mapping[str, Mapping[str, Any]],
    absent: Sequence[str],
    unanswered: Mapping[str, str],
    drop: frozenset[str],
) -> bytes:
    """A document of records by their ids, of the ids without a record, and of those without an answer."""
    document = {
        "version": VERSION,
        "records": _without(records, DROPPED | drop),
        "absent": sorted(absent),
        "unanswered": unanswered,
    }
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(body: bytes) -> str:
    """The name of a document."""
    return hashlib.sha256(body).hexdigest()


def read(channel: Verbs, body: bytes, context: ReadContext) -> Reading:
    """The bookings of a document; a record that can't be read is rejected, and stops no other."""
    document = json.loads(body)
    rejected = [Rejected(why, uid) for uid, why in document["unanswered"].items()]
    bookings: list[Booking] = []
    cancelled: list[str] = []
    for uid, record in document["records"].items():
        try:
            if channel.is_cancelled(record):
                cancelled.append(uid)
                continue
            bookings += channel.bookings_of(record, context)
        except POISON as error:
            # The type only: the text of an exception may quote what a guest wrote.
            rejected.append(Rejected(f"it is not as its documents say ({type(error).__name__})", uid))
    return Reading(
        tuple(bookings),
        tuple(rejected),
        events=len(document["records"]) + len(document["unanswered"]),
        dialect=channel.name,
        partial=True,
        absent=tuple(document["absent"]),
        cancelled=tuple(cancelled),
    )


def cite(channel: Verbs, body: bytes, key: str, context: ReadContext) -> bytes | None:
    """The record of which the booking of that key is made, set for reading; `None` where there is none."""
    for record in json.loads(body)["records"].values():
        try:
            is_meant = any(booking.key == key for booking in channel.bookings_of(record, context))
        except POISON:
            continue
        if is_meant:
            return json.dumps(record, ensure_ascii=False, indent=2).encode()
    return None


def _without(value: Any, dropped: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _without(each, dropped) for name, each in value.items() if _plain(name) not in dropped}
    if isinstance(value, list):
        return [_without(each, dropped) for each in value]
    return value


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
