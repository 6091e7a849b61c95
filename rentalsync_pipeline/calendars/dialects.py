"""How each producer writes a calendar: tables, applied by `meaning`.

Belongs here: how a producer is recognised, what its SUMMARYs mean, which of its UIDs identify nothing,
where its horizon lies; every rule was measured on real feeds. Does not: how the tables are applied.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from rentalsync_pipeline.calendars.identity import UID_FORM
from rentalsync_pipeline.calendars.words import Word
from rentalsync_pipeline.core.model import Kind

_USUAL: Mapping[Word, Kind] = MappingProxyType(
    {
        Word.RESERVED: Kind.RESERVATION,
        Word.BLOCKED: Kind.BLOCK,
        Word.CLOSED: Kind.UNKNOWN,
        Word.TENTATIVE: Kind.TENTATIVE,
    }
)


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE | re.DOTALL)


def _header(expression: str) -> re.Pattern[str]:
    return re.compile("^" + expression, re.IGNORECASE | re.MULTILINE)


def _days_ahead(days: int) -> Callable[[date], date]:
    return lambda today: today + timedelta(days=days)


def _months_ahead(months: int, *, but: timedelta) -> Callable[[date], date]:
    def horizon(today: date) -> date:
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(today.day, last)) - but

    return horizon


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """The way one producer writes.

    It is recognised by `header` (its PRODID or X-WR-CALNAME), else by the `uid` of all its events, else
    by the `summary` of one. What an event is, is told by its UID (`uid_kinds`), else by the words that
    open its SUMMARY, else by a phrase that names a guest, else it is `otherwise`.
    """

    name: str
    header: re.Pattern[str] | None = None
    uid: re.Pattern[str] | None = None
    summary: re.Pattern[str] | None = None
    uid_kinds: tuple[tuple[str, Kind], ...] = ()
    """What a UID contains that tells the kind."""
    words: Mapping[Word, Kind] = field(default_factory=lambda: _USUAL)
    phrases: tuple[re.Pattern[str], ...] = ()
    """SUMMARYs of reservations; the groups `name`, `code` and `guests` are taken from them."""
    otherwise: Kind = Kind.UNKNOWN
    hollow_uid: re.Pattern[str] | None = None
    """UIDs that say no more than the nights, or change while the stay doesn't: these are no identity."""
    hollow_kinds: tuple[Kind, ...] = ()
    """Kinds all of whose UIDs are like that."""
    markers: re.Pattern[str] | None = None
    """SUMMARYs of events that only mark the arrival or departure of a stay that is there itself."""
    transparent_is_free: bool = False
    """`TRANSP:TRANSPARENT` means that the event takes no time; only people's own calendars mean it."""
    horizon: Callable[[date], date] | None = None
    """On a day of reading: a block that ends on this date or later is the rolling tail."""
    tail_is_sure: bool = False
    """Every whole calendar of it has that tail (measured: Booking.com's, in 10,574 of 10,574)."""
    stamps_answers: bool = False
    """DTSTAMP is the moment of the answer, and the same in all its events."""


_ANYBODY = _pattern(r"(?P<name>.+)")
"""What is none of the words is a name."""
_CODED = _pattern(r"(\d{2})(\d{2})(\d{4})-\1\2-\3-(\d{2})(\d{2})-(\d{4})\4\5\6")
"""MMDDYYYY-MMDD-YYYY-MMDD-YYYYMMDDYYYY: Vrbo's pseudo UUID of some blocks, made of their dates."""
_RESERVATION = _pattern(r"reservation (?P<name>.+)")

GENERIC = Dialect("generic", phrases=(_RESERVATION,), transparent_is_free=True)

DIALECTS = (
    Dialect(
        "rentalsync",
        header=_header(r"PRODID:.*RentalSync Pipeline"),
        uid=UID_FORM,
        phrases=(_ANYBODY,),
    ),
    Dialect(
        "airbnb",
        header=_header(r"PRODID:.*Airbnb"),
        uid=_pattern(r".*@airbnb\.com"),
        uid_kinds=(
            ("1418fb94e984-", Kind.RESERVATION),
            ("7f662ec65913-", Kind.BLOCK),
            ("6fec1092d3fa-", Kind.BLOCK),
        ),
        words={**_USUAL, Word.CLOSED: Kind.BLOCK},
        phrases=(_pattern(r"(?P<name>\D+?)(?: \((?P<code>H[A-Z0-9]{8,9})\))?"),),
        otherwise=Kind.RESERVATION,
        hollow_kinds=(Kind.BLOCK, Kind.HORIZON),
        horizon=_days_ahead(364),
        stamps_answers=True,
    ),
    Dialect(
        "booking_com",
        header=_header(r"PRODID:.*booking\.com"),
        uid=_pattern(r".*@booking\.com"),
        phrases=(_pattern(r"closed - (?P<name>.+)"),),
        horizon=_months_ahead(18, but=timedelta(days=2)),
        tail_is_sure=True,
        stamps_answers=True,
    ),
    Dialect(
        "vrbo",
        header=_header(r"PRODID:.*(HomeAway|Vrbo|Abritel|FeWo)"),
        uid=_CODED,
        words={**_USUAL, Word.CLOSED: Kind.BLOCK},
        phrases=(_pattern(r".+ - (?P<name>.+)"),),
        hollow_uid=_CODED,
        stamps_answers=True,
    ),
    Dialect("agoda", header=_header(r"PRODID:.*agoda\.com"), uid=_pattern(r".*@agoda\.com")),
    Dialect(
        "avaibook",
        header=_header(r"PRODID:.*AvaiBook"),
        phrases=(_pattern(r"avaibook - .+ - (?P<name>[^-]+) - (?P<guests>\d{1,3}) pax"),),
    ),
    Dialect(
        "smoobu",
        header=_header(r"PRODID:.*smoobu"),
        summary=_pattern(r"check-?(in|out)\b.*"),
        markers=_pattern(r"\bcheck-?(in|out)\b"),
        phrases=(_ANYBODY,),
    ),
    Dialect(
        "guesty",
        header=_header(r"PRODID:.*guesty"),
        summary=_pattern(r"blocked by guesty|x-[^-]+-[^-]+-.+"),
        phrases=(_RESERVATION, _pattern(r"x-(?P<name>[^-]+)-.+")),
        hollow_uid=_pattern(r".*"),
    ),
    Dialect("lodgify", header=_header(r"PRODID:.*lodgify"), hollow_uid=_pattern(r".*")),
    Dialect(
        "tripadvisor",
        header=_header(r"PRODID:.*(tripadvisor|flipkey|holidaylettings)"),
        summary=_pattern(r"tripadvisor.*"),
        phrases=(_pattern(r"tripadvisor[^:]*: *(?P<name>.+)"),),
    ),
    Dialect("google", header=_header(r"PRODID:.*Google Calendar"), transparent_is_free=True),
    Dialect("icloud", header=_header(r"PRODID:.*(caldav\.icloud\.com|Apple Inc)"), transparent_is_free=True),
    Dialect("ownerrez", header=_header(r"X-WR-CALNAME:OwnerRez\b")),
    GENERIC,
)
"""In the order in which they are tried; the last one takes whatever is left."""
