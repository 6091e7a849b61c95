"""Webhooks: what a channel says of those that it sends, and by what one is known from another.

Belongs here: where a message bears an id and a date; pure. Does not: the kinds of proof (`wire.proofs`),
which of them a channel has (its own file), receiving (`bridge.webhooks`), what follows
(`operations.receiving`). What a webhook says of bookings is never used: it makes us ask, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from rentalsync_pipeline.channels.wire.proofs import Message, Proof, SharedSecret, moment, several
from rentalsync_pipeline.core.secret import Secret

REPLAYED = timedelta(hours=24)
"""A message whose date is further off is refused: by then it is forgotten that it came before."""

Place = Callable[[Message], object]


def header(*names: str) -> Place:
    """What stands in these headers, together."""
    return lambda message: " ".join(filter(None, map(message.header, names)))


def told(name: str) -> Place:
    """What the JSON of the body has under that name."""
    return lambda message: _json(message.body).get(name)


def _nowhere(_message: Message) -> object:
    return None


@dataclass(frozen=True, slots=True)
class Webhook:
    """The webhooks of a channel: their proof, and where they bear an id and a date, if they do.

    `setup` says where its user has them sent to us, in one line; empty where the channel sends none. Then
    anything else that hears of a booking may call, such as a rule for mails.
    """

    proof: Proof = field(default_factory=SharedSecret)
    id: Place = _nowhere
    date: Place = _nowhere
    setup: str = ""

    def proves(self, message: Message, secret: Secret, now: datetime) -> bool:
        """Whether a message comes from whom it says, and not from long ago."""
        holds = any(self.proof.holds(message, each, now) for each in several(secret))
        sent = moment(self.date(message)) if holds else None
        return holds and (sent is None or abs(now - sent) <= REPLAYED)

    def event(self, message: Message) -> tuple[str, bool]:
        """A digest by which a message is known, and whether no other event can have the same.

        Only an id or a date of its own makes it that: a body without either may come twice because the same
        happened twice, such as a change, its undoing and the change again.
        """
        known = str(self.id(message) or "").encode()
        is_once = bool(known) or moment(self.date(message)) is not None
        return sha256(known or message.body).hexdigest(), is_once


def _json(body: bytes) -> Mapping[str, object]:
    with suppress(ValueError, RecursionError):
        found = json.loads(body)
        if isinstance(found, dict):
            return found
    return {}
