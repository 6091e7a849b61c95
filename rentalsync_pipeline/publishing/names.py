"""How feeds and stays are called: names that can't be guessed, and that a rebuilt warehouse finds again.

Belongs here: everything that is derived from the feed secret. Does not: the secret itself (a file of the
home, part of the backup), which feeds there are (`core.portfolio`), writing them (`store`).

Every name is a keyed hash with a purpose of its own, so none can be derived from another, and the same
secret gives the same names on any machine.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime
from itertools import product

from rentalsync_pipeline.core.portfolio import OWNER, Listing

PRIVATE = "private"
PUBLIC = "public"
"""The two folders of a feed store: what only the owner may read, and what the world may."""

LENGTH = 26
"""Characters of a token or UID: 26 of base32 (RFC 4648 §6, in small letters) are 130 bits."""

_PAIRS = tuple(map("".join, product("abcdefghijklmnopqrstuvwxyz234567", repeat=2)))
"""Ten bits as two characters: every stay has a name, and `base64` makes them one by one in Python."""
_SHIFTS = range(256 - 10, 256 - 5 * LENGTH - 1, -10)


def token(secret: bytes, listing: str, audience: str, generation: int) -> str:
    """The unguessable part of a feed's name. Raising `generation` makes another one."""
    return _derive(secret, "feed", listing, audience, str(generation))


def stay_uid(secret: bytes, connection: str, key: str) -> str:
    """The UID of a stay in every feed, from the connection and upstream id that founded it.

    Opaque on purpose: the channel's own UID must not travel on (Airbnb's block UIDs collide across
    owners), and no reader may learn a reservation code from it.
    """
    return _derive(secret, "stay", connection, key)


def feed_name(secret: bytes, listing: Listing, audience: str) -> str:
    """Where a feed lies in the store: `private/<slug>-owner-<token>.ics`, `public/<slug>-busy-<token>.ics`.

    A listing with `token: false` has its fixed slug instead, which anybody can guess.
    """
    folder = PRIVATE if audience == OWNER else PUBLIC
    slug = listing.feed.address or listing.slug
    words = [slug, audience]
    if listing.feed.token:
        words.append(token(secret, slug, audience, listing.feed.generation))
    return f"{folder}/{'-'.join(words)}.ics"


def feed_names(secret: bytes, listing: Listing, audience: str, now: datetime) -> tuple[str, ...]:
    """All names that a feed is published under: its own, and for a while after a rotation the one before."""
    feed = listing.feed
    names = [feed_name(secret, listing, audience)]
    if feed.token and feed.overlap_until and now < feed.overlap_until:
        before = replace(listing, feed=replace(feed, generation=feed.generation - 1))
        names.append(feed_name(secret, before, audience))
    return tuple(names)


def feed_url(public_url: str | None, name: str) -> str | None:
    """The address of a feed; `None` where no `public_url` is configured.

    The path is the name in the store, folder included. Whether a private feed is served at its address,
    and to whom, is the web server's to say.
    """
    return f"{public_url.rstrip('/')}/{name}" if public_url else None


def calendar_path(name: str) -> str:
    """Where the HTTP side serves a feed, whatever its folder: the name alone is the secret."""
    return f"/ical/{name.rpartition('/')[2]}"


def _derive(secret: bytes, purpose: str, *parts: str) -> str:
    """A keyed hash of the parts. NUL separates them: only the last can hold one, the others are slugs."""
    message = "\0".join(("rentalsync", purpose, *parts)).encode()
    bits = int.from_bytes(hmac.digest(secret, message, "sha256"), "big")
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])
