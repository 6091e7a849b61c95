"""What an event means, by the tables of its dialect.

Belongs here: the one way in which every table is applied: dialect, kind, names, identity. Does not: the
tables (`dialects`, `words`), which nights an event holds (`nights`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rentalsync_pipeline.calendars.details import AIRBNB_CODE, Details, details
from rentalsync_pipeline.calendars.dialects import DIALECTS, GENERIC, Dialect
from rentalsync_pipeline.calendars.events import RawEvent
from rentalsync_pipeline.calendars.identity import UID_FORM
from rentalsync_pipeline.calendars.nights import Nights
from rentalsync_pipeline.calendars.words import spoken
from rentalsync_pipeline.core.model import NO_EXTRAS, Booking, Kind, Status


def recognise(header: str, sample: Iterable[RawEvent]) -> Dialect:
    """The dialect of a calendar, by its header, else by a sample of its events."""
    return _by_header(header) or _by_events(sample)


@lru_cache(maxsize=256)
def _by_header(header: str) -> Dialect | None:
    return next((d for d in DIALECTS if d.header and d.header.search(header)), None)


def _by_events(sample: Iterable[RawEvent]) -> Dialect:
    seen = [(event.text("UID"), event.text("SUMMARY")) for event in sample]
    for dialect in DIALECTS:
        if dialect.uid and seen and all(dialect.uid.fullmatch(uid) for uid, _ in seen):
            return dialect
        if dialect.summary and any(dialect.summary.fullmatch(summary) for _, summary in seen):
            return dialect
    return GENERIC


_MAY_BE_TAIL = (Kind.BLOCK, Kind.UNKNOWN)
_NOBODY = (Kind.BLOCK, Kind.HORIZON)


@dataclass(frozen=True, slots=True)
class Said:
    """What a SUMMARY says. `known` tells that a table knew it."""

    kind: Kind
    known: bool = True
    name: str | None = None
    code: str | None = None
    guests: int | None = None


@lru_cache(maxsize=4096)
def said(dialect: Dialect, summary: str) -> Said:
    """Apply the words and phrases of a dialect to a SUMMARY."""
    found = AIRBNB_CODE.search(summary)
    code = found[0] if found else None
    if opening := spoken(summary):
        word, rest = opening
        return Said(dialect.words[word], name=None if code else rest or None, code=code)
    for phrase in dialect.phrases:
        if match := phrase.fullmatch(summary):
            groups = match.groupdict()
            guests = groups.get("guests")
            return Said(
                Kind.RESERVATION,
                name=groups.get("name"),
                code=groups.get("code") or code,
                guests=int(guests) if guests else None,
            )
    return Said(Kind.RESERVATION if code else dialect.otherwise, known=False, code=code)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Makes bookings of the events of one calendar."""

    dialect: Dialect
    horizon: date | None
    """A block that ends on this date or later is the rolling tail of the channel."""

    @classmethod
    def of(cls, dialect: Dialect, today: date) -> Interpreter:
        """For a calendar in this dialect that is read today."""
        return cls(dialect, dialect.horizon(today) if dialect.horizon else None)

    def is_free(self, event: RawEvent) -> bool:
        """Whether the event takes no time, though it has dates."""
        return self.dialect.transparent_is_free and event.text("TRANSP").upper() == "TRANSPARENT"

    def is_marker(self, event: RawEvent) -> bool:
        """Whether the event only marks the arrival or departure of a stay."""
        markers = self.dialect.markers
        return markers is not None and markers.search(event.text("SUMMARY")) is not None

    def bookings(
        self, event: RawEvent, uid: str, instances: Iterable[tuple[date | None, Nights]]
    ) -> Iterator[tuple[date | None, Booking]]:
        """The booking of each instance of an event, by the day on which it was to begin.

        What the event says is read once: a series has hundreds of instances, and they share its texts.
        """
        heading = event.text("SUMMARY")
        summary = said(self.dialect, heading)
        about = details(event.text("DESCRIPTION"))
        status = event.text("STATUS").upper()
        url = about.url or event.text("URL") or None
        own = self.dialect.name == "rentalsync" or UID_FORM.fullmatch(uid) is not None
        by_uid = self._kind_by_uid(uid)
        extras = {"summary": heading} if heading and not (by_uid or summary.known) else NO_EXTRAS
        for instance, nights in instances:
            kind = self._kind(by_uid or summary.kind, about, status, nights[1])
            booking = Booking(
                key=self._key(uid, kind, nights, instance),
                kind=kind,
                status=_status(status, kind),
                check_in=nights[0],
                check_out=nights[1],
                uid=uid or None,
                code=about.code or summary.code,
                own=own,
                guest_name=None if kind in _NOBODY else summary.name or about.name,
                phone_last4=about.phone_last4,
                guests=about.guests or summary.guests,
                url=url,
                extras=extras,
            )
            yield instance, booking

    def _kind(self, kind: Kind, about: Details, status: str, check_out: date) -> Kind:
        if kind is Kind.UNKNOWN and about.of_guest:
            kind = Kind.RESERVATION
        if self.horizon and check_out >= self.horizon and kind in _MAY_BE_TAIL:
            return Kind.HORIZON
        if status == "TENTATIVE" and kind is not Kind.BLOCK:
            return Kind.TENTATIVE
        return kind

    def _kind_by_uid(self, uid: str) -> Kind | None:
        for piece, kind in self.dialect.uid_kinds:
            if piece in uid:
                return kind
        return None

    def _key(self, uid: str, kind: Kind, nights: Nights, instance: date | None) -> str:
        hollow = self.dialect.hollow_uid
        if not uid or kind in self.dialect.hollow_kinds or (hollow and hollow.fullmatch(uid)):
            return f"{nights[0].isoformat()}/{nights[1].isoformat()}"
        return f"{uid}/{instance.isoformat()}" if instance else uid


def _status(written: str, kind: Kind) -> Status:
    if written == "CANCELLED":
        return Status.CANCELLED
    return Status.PENDING if kind is Kind.TENTATIVE else Status.CONFIRMED
