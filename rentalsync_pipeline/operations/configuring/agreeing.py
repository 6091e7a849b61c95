"""How an account comes to let us in: its credentials, a person's consent in a browser, tokens that last.

Belongs here: the verbs of OAuth for whoever shows them. Does not: OAuth itself (`channels.auth`), tokens at
rest (the control store), finding what the account has (`adopting`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rentalsync_pipeline.channels.base import AccountQuery, Query
from rentalsync_pipeline.channels.registry import accounts
from rentalsync_pipeline.channels.wire.auth import CodeFlow
from rentalsync_pipeline.channels.wire.session import Session
from rentalsync_pipeline.channels.wire.tokens import Keys, renewed
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.config import connection_row
from rentalsync_pipeline.control.written.document import CONNECTIONS, CREDENTIAL
from rentalsync_pipeline.control.written.entries import ConnectionEntry
from rentalsync_pipeline.control.written.variables import MissingVariable
from rentalsync_pipeline.core.portfolio import Connection, Portfolio
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.token import Token
from rentalsync_pipeline.operations.reading import UnknownError
from rentalsync_pipeline.operations.syncing.questions import address_of, keys_of

FIRST = "cloudbeds"
"""The account of the bridge's contract: what credentials belong to where there is no account yet."""


@dataclass(frozen=True, slots=True)
class Consent:
    """How it stands with an account's access. `valid`: a sync would be let in, as far as we know."""

    connection: str
    valid: bool
    expires: datetime | None
    client_id: str | None


def consents(control: ControlStore, now: datetime, connection: str | None = None) -> list[Consent]:
    """Of every account that a person can agree to in a browser, or of the one named."""
    return [_consent(control, each, now) for each in _agreeable(control.portfolio(), connection)]


def account(control: ControlStore, connection: str | None) -> Connection:
    """The account of that id, or the only one; raises `UnknownError`."""
    found = _agreeable(control.portfolio(), connection)
    if len(found) != 1:
        known = ", ".join(each.id for each in found) or "none"
        raise UnknownError(f"say which account: `?connection=` (there are: {known})")
    return found[0]


def set_credentials(
    control: ControlStore, connection: str | None, given: Mapping[str, Secret], who: str, now: datetime
) -> str:
    """Give an account other credentials, all of them; without any account, make one. Returns its id."""
    known = _agreeable(control.portfolio(), connection)
    name = account(control, connection).id if known or connection else FIRST
    with control.configuring(who, now) as configuration:
        stored = configuration.stored()
        rows = stored.rows(CONNECTIONS)
        entry = ConnectionEntry(id=name, channel=FIRST, credentials={})
        before = rows.get(name) or connection_row(entry)
        kept = {field: value for field, value in before.items() if not field.startswith(CREDENTIAL)}
        row = {**kept, **{CREDENTIAL + field: value for field, value in given.items()}}
        configuration.replace(stored, stored.with_rows(CONNECTIONS, {**rows, name: row}))
    return name


def authorise_url(control: ControlStore, connection: Connection, redirect: str, state: str) -> str:
    """Where a person agrees to our access; raises `UnknownError` where no client could be let in."""
    keys = keys_of(control, connection.id)
    if "client_id" not in keys.credentials:
        raise UnknownError(f"{connection.id} has no client yet: give its client_id and client_secret first")
    return _flow(connection).authorise_url(keys, redirect, state)


def exchange(
    control: ControlStore, connection: Connection, code: str, redirect: str, who: str, now: datetime
) -> None:
    """Make the code that came back a token that lasts; raises `FetchError`."""

    async def ask(session: Session, keys: Keys) -> None:
        agreed = replace(keys, tokens=control.consent_of(connection.id, who, now))
        await _flow(connection).exchange(session, agreed, code, redirect)

    asyncio.run(_asking(control, connection, now, ask))


def refresh(control: ControlStore, connection: Connection, now: datetime) -> None:
    """Renew the token now; raises `FetchError` where the account wants a person's consent anew."""

    async def ask(session: Session, keys: Keys) -> None:
        async def obtain(held: Token | None) -> Token:
            return await _flow(connection).refresh(session, keys, held)

        held = keys.token()
        await renewed(keys, held.access if held else None, obtain)

    asyncio.run(_asking(control, connection, now, ask))


async def _asking(
    control: ControlStore,
    connection: Connection,
    now: datetime,
    ask: Callable[[Session, Keys], Awaitable[None]],
) -> None:
    keys, settings = keys_of(control, connection.id), control.portfolio().settings
    local = [connection.base_url] if connection.base_url else []
    async with Transport(settings, clock=lambda: now, local=local) as transport:
        query = Query(connection, address_of(connection), now, account=AccountQuery(keys))
        await ask(accounts()[connection.channel].session(query, transport), keys)


def _agreeable(portfolio: Portfolio, connection: str | None) -> list[Connection]:
    return [
        each
        for each in portfolio.connections
        if each.is_account and accounts()[each.channel].oauth and connection in (None, each.id)
    ]


def _flow(connection: Connection) -> CodeFlow:
    flow = accounts()[connection.channel].oauth
    if flow is None:
        raise UnknownError(f"nobody agrees to the access of {connection.id} in a browser")
    return flow


def _consent(control: ControlStore, connection: Connection, now: datetime) -> Consent:
    try:
        keys = keys_of(control, connection.id)
    except MissingVariable:
        return Consent(connection.id, valid=False, expires=None, client_id=None)
    token, client = keys.token(), keys.credentials.get("client_id")
    lasts = token is not None and (token.refresh is not None or token.lasts(now))
    has_key = client is None or "refresh_token" in keys.credentials
    return Consent(
        connection.id, lasts or has_key, token.expires if token else None, client.reveal() if client else None
    )
