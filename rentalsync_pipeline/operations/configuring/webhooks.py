"""Where each connection's channel is to send its webhooks, and the secrets that we make for that.

Belongs here: addresses, making a secret. Does not: receiving (`operations.receiving`), a secret that the
channel makes: it is `webhook_secret:` of the connection, in the file or over HTTP.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from rentalsync_pipeline.channels.registry import channels, webhook_of
from rentalsync_pipeline.channels.wire.proofs import several
from rentalsync_pipeline.control.inbox import SECRET
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.document import CONNECTIONS, Value
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.operations.reading import UnknownError

_BYTES = 24


@dataclass(frozen=True, slots=True)
class Reception:
    """Where and how a connection can be sent webhooks. `address` bears no secret.

    `is_on`: it is enabled and has a secret, so that they can prove themselves. `last` came within a day.
    """

    connection: str
    channel: str
    address: str
    proof: str
    setup: str
    is_on: bool
    last: datetime | None


class NotOursError(Exception):
    """The secret of a connection is made or kept elsewhere."""


def receptions(control: ControlStore) -> list[Reception]:
    """Of every connection; an address has no host where no `public_url` is configured."""
    portfolio, last = control.portfolio(), control.inbox.last()
    used = {connection.channel for connection in portfolio.connections}
    known = {name for channel in used for name in control.inbox.secrets(channel)}
    return [
        Reception(
            connection=each.id,
            channel=each.channel,
            address=_address(portfolio.settings.public_url, each.channel, connection=each.id),
            proof=webhook_of(each.channel).proof.words,
            setup=webhook_of(each.channel).setup,
            is_on=each.id in known,
            last=last.get(each.id),
        )
        for each in portfolio.connections
    ]


def whole_address(control: ControlStore, reception: Reception) -> str:
    """The address with the secret in it, where the channel signs nothing: it is not to be shown to others."""
    secret = control.inbox.secrets(reception.channel).get(reception.connection)
    ours = several(secret) if secret and not webhook_of(reception.channel).proof.is_theirs else []
    return f"{reception.address}&{urlencode({'key': ours[0].reveal()})}" if ours else reception.address


def rotate(control: ControlStore, name: str, who: str, now: datetime, *, at_once: bool = False) -> None:
    """Give a connection a new secret; the one before it counts on until the next rotation, unless `at_once`.

    Raises `UnknownError`, or `NotOursError`.
    """
    with control.configuring(who, now) as configuration:
        stored = configuration.stored()
        rows = stored.rows(CONNECTIONS)
        if name not in rows:
            raise UnknownError("Connection not found")
        _refuse_others(str(rows[name]["channel"]), rows[name].get(SECRET))
        kept = rows[name].get(SECRET)
        before = several(kept)[:1] if isinstance(kept, Secret) and not at_once else []
        new = ",".join([secrets.token_urlsafe(_BYTES), *(each.reveal() for each in before)])
        changed = {**rows, name: {**rows[name], SECRET: Secret(new)}}
        configuration.replace(stored, stored.with_rows(CONNECTIONS, changed))


def _address(public_url: str | None, channel: str, **query: str) -> str:
    return f"{public_url or ''}/api/integrations/{channel}/webhook?{urlencode(query)}"


def _refuse_others(channel: str, kept: Value | None) -> None:
    """Raise where somebody else makes the secret."""
    if webhook_of(channel).proof.is_theirs:
        title = channels()[channel].title
        raise NotOursError(f"{title} makes the secret itself: write it into `{SECRET}:` of the connection")
    if isinstance(kept, str):
        raise NotOursError(f"the secret is `{kept}`: change it where that is set")
