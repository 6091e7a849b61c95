"""The kinds of feeds that are published: what every client is tried on.

Each is made by the words and the writer that a sync uses. A kind has several versions where it is about what
happens between two fetches of a subscriber.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from rentalsync_pipeline.calendars.wording import SENTINEL_NIGHTS, words
from rentalsync_pipeline.calendars.writer import FeedEvent, FeedHeader, render
from rentalsync_pipeline.core.model import Kind, Occupation
from rentalsync_pipeline.core.portfolio import BUSY, OWNER, FeedOptions, Field, Listing, Style
from rentalsync_pipeline_tests.calendars.feeds import CHANGED, TRICKY, seen

FIELDS = tuple(
    Field(name) for name in ("guest_phone_last4", "guests", "booking_id", "booking_notes", "reservation_url")
)
ROME = Listing("casa", "Casa al Mare; Süd", "Europe/Rome", fields=FIELDS)
NEW_YORK = replace(ROME, timezone="America/New_York", feed=FeedOptions(style=Style.TIMED))
URL = "https://www.airbnb.com/hosting/reservations/details/HM5ZQX9A2B"
SCRIPTS = (
    "Anna Müller-Østergård",
    "Иван Петров",
    "Ελένη Νικολάου",
    "Արամ Խաչատրյան",
    "ნინო ბერიძე",
    "דוד כהן",
    "أحمد علي",
    "ޢަލީ ރަޝީދު",
    "प्रिया शर्मा",
    "সুমন দাস",
    "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "મીના પટેલ",
    "தமிழ் செல்வி",
    "లక్ష్మి దేవి",
    "ರವಿ ಕುಮಾರ್",
    "അനിൽ നായർ",
    "නිමල් පෙරේරා",
    "สมชาย ใจดี",
    "ສົມພອນ ວົງ",
    "សុខា ចាន់",
    "အောင် မြင့်",
    "བསྟན་འཛིན་",
    "አበበ ቢቂላ",
    "ᠪᠠᠲᠤ ᠬᠠᠨ",
    "王小明",
    "さくら はな",
    "ユウコ サトウ",
    "홍길동",
)
"""A name in each."""
EMOJI = ("Anna 🏖️", "👩‍👩‍👧‍👦 Rossi", "🇮🇹 Marco 🇩🇪", "Zoë e\u0301 👍🏽", "🎉" * 60)
NOTE = ("Arriving late, with a cot; two bikes & a dog. ペット可。 " * 250)[:10_000].strip()


@dataclass(frozen=True, slots=True)
class FeedKind:
    """A kind of feed, as it stood at one fetch after the other."""

    name: str
    header: FeedHeader
    versions: tuple[list[FeedEvent], ...]
    occupations: tuple[Occupation, ...] = ()
    """What it was made from; nothing where its words are not those of a sync."""
    is_public: bool = False

    @property
    def feeds(self) -> list[bytes]:
        """Its bytes at each fetch."""
        return [render(self.header, events) for events in self.versions]

    @property
    def shown(self) -> list[list[str]]:
        """What a client is to show after the last fetch, by UID."""
        return sorted(seen(self.header, self.versions[-1]))


def _stays(*names: str | None, first: date = date(2026, 3, 20), **known: Any) -> list[Occupation]:
    """Stays of a week each, back to back."""
    return [
        replace(
            Occupation(f"{number:a>26}", Kind.RESERVATION, first, first, "airbnb", guest_name=name),
            check_in=first + number * timedelta(weeks=1),
            check_out=first + (number + 1) * timedelta(weeks=1),
            **known,
        )
        for number, name in enumerate(names)
    ]


def _header(listing: Listing) -> FeedHeader:
    return FeedHeader(listing.name, listing.timezone, listing.feed.style, listing.check_in, listing.check_out)


def _events(listing: Listing, audience: str, stays: list[Occupation]) -> list[FeedEvent]:
    texts = words(stays, listing, audience, titles={"airbnb": "Airbnb"})
    return [
        FeedEvent(stay.uid, stay.check_in, stay.check_out, summary, CHANGED, description, color="tomato")
        for stay, (summary, description) in zip(stays, texts, strict=True)
    ]


def _kind(name: str, audience: str, stays: list[Occupation], listing: Listing = ROME) -> FeedKind:
    events = _events(listing, audience, stays)
    return FeedKind(name, _header(listing), (events,), tuple(stays), is_public=audience != OWNER)


def _moved() -> FeedKind:
    """One stay moves, one goes, one comes."""
    first = _events(ROME, OWNER, _stays("Anna", "Bruno", "Carla"))
    later = CHANGED + timedelta(minutes=15)
    moved = replace(first[0], check_out=date(2026, 3, 25), sequence=1, last_modified=later)
    added = replace(first[1], uid="z" * 26, summary="Dora", last_modified=later)
    return FeedKind("a moved stay", _header(ROME), (first, [moved, first[2], added]))


def _forged() -> FeedKind:
    """Texts that try to be lines of their own, as no sync would let them through."""
    plain = _events(ROME, OWNER, _stays(*TRICKY))
    events = [
        replace(event, summary=text, description=f"{text}\n{text}")
        for event, text in zip(plain, TRICKY, strict=True)
    ]
    return FeedKind("forged lines", _header(ROME), (events,))


GUESTS = _stays(
    "Anna Rossi", "Jürgen Müller", None, phone_last4="5678", guests=2, code="HM5ZQX9A2B", url=URL, notes="Cot"
)
BLOCK = _stays(None, first=date(2026, 10, 20), kind=Kind.BLOCK)[0]
STAYS = [*GUESTS, replace(BLOCK, uid="b" * 26)]
SENTINEL = replace(BLOCK, check_in=SENTINEL_NIGHTS[0], check_out=SENTINEL_NIGHTS[1])

KINDS = (
    _kind("owner, all-day", OWNER, STAYS),
    _kind("owner, timed", OWNER, STAYS, NEW_YORK),
    _kind("busy", BUSY, STAYS),
    _kind("for a channel, timed", "for-airbnb", STAYS[2:], NEW_YORK),
    _kind("for Booking.com, empty", "for-booking_com", [SENTINEL]),
    _kind("no stays", BUSY, []),
    _kind("28 scripts", OWNER, _stays(*SCRIPTS)),
    _kind("emoji", OWNER, _stays(*EMOJI)),
    _kind("10,000 characters", OWNER, _stays("Anna", "Bruno", notes=NOTE)),
    _kind("100 stays", OWNER, _stays(*(f"Guest {number}" for number in range(100)))),
    _forged(),
    _moved(),
)
