"""Changing a channel as a whole: its credentials, and whether it is asked.

Belongs here: from what an integration is told to the connections of its channel, all or nothing. Does not:
what is which listing (`properties`), what a connection must satisfy (`configure_connections`), how it stands
(`watching.integrations`). None of it frees a night.

An API that is spoken here takes what it is given as the credentials of its account. Where none is, as nobody
gets a key without a partner's contract (Airbnb), that is kept sealed, and nothing is asked with it: bookings
come by calendars.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count, zip_longest

from rentalsync_pipeline.channels.registry import titles, ways
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written import forms
from rentalsync_pipeline.control.written.document import (
    CONNECTIONS,
    CREDENTIAL,
    INTEGRATIONS,
    Document,
    Row,
    Rows,
    Value,
    as_row,
)
from rentalsync_pipeline.control.written.problems import WrongValueError
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.operations.configuring.configure_connections import with_connection
from rentalsync_pipeline.operations.reading import UnknownError

GIVEN = ("apiKey", "apiSecret")
"""What an integration calls its credentials, whatever its channel calls them."""
_KEPT = ("api_key", "api_secret")
"""How they are kept where no API of ours takes them."""


class UnfitError(WrongValueError):
    """Credentials in a form that the channel has not, or a mapping that leads nowhere."""


class SeveralError(ValueError):
    """The channel has several connections, and it matters which is meant."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(f"say which connection: `?connection=` (there are: {', '.join(sorted(names))})")


@dataclass(frozen=True, slots=True)
class Told:
    """What an integration is told; what is `None` stays as it is. `active` says whether it is asked."""

    credentials: tuple[Secret, ...] | None = None
    """A key, a key and a secret, or none any more."""
    webhook_url: str | None = None
    """Empty: none any more."""
    active: bool | None = None


def configure(
    control: ControlStore, channel: str, told: Told, who: str, now: datetime, connection: str | None = None
) -> None:
    """Change what is told, of all connections of a channel or of one.

    Raises `UnknownError`, `UnfitError`, `SeveralError` or `WrongValueError`; then nothing is kept.
    """
    with control.configuring(who, now) as configuration:
        stored = configuration.stored()
        chosen = chosen_of(stored, channel, connection)
        kept = _kept(stored, channel, told)
        after = _with(stored, INTEGRATIONS, {channel: kept})
        if told.credentials is not None and ways()[channel].credentials:
            name = connection or account_of(chosen) or free_id(channel, stored)
            new = {} if name in chosen else {"channel": channel, "enabled": kept["active"]}
            given = new | {"credentials": _named(channel, told.credentials)}
            after = with_connection(control, after, name, given)
        if told.active is not None:
            rows = after.rows(CONNECTIONS)
            switched = {name: {**rows[name], "enabled": told.active} for name in chosen}
            after = _with(after, CONNECTIONS, switched)
        configuration.replace(stored, after)


def forms_of(channel: str) -> list[dict[str, str]]:
    """What each of `GIVEN` is at a channel: its first form with one, its first with two."""
    known = {len(names): names for names in reversed(ways()[channel].credentials)}
    return [dict(zip(GIVEN, known[few], strict=False)) for few in range(1, len(GIVEN) + 1) if few in known]


def chosen_of(stored: Document, channel: str, connection: str | None) -> Rows:
    """The connections of a channel, or the one that is named."""
    if channel not in titles():
        raise UnknownError("Integration not found")
    rows = stored.rows(CONNECTIONS).items()
    found = {name: row for name, row in rows if row["channel"] == channel and connection in (None, name)}
    if connection and not found:
        raise UnknownError(f"{titles()[channel]} has no connection of that id")
    return found


def account_of(chosen: Rows) -> str | None:
    """The only account among connections, if there is any; raises `SeveralError`."""
    accounts = [name for name, row in chosen.items() if "listing" not in row]
    if len(accounts) > 1:
        raise SeveralError(accounts)
    return next(iter(accounts), None)


def free_id(wanted: str, stored: Document) -> str:
    """An id for a new connection."""
    name, taken = wanted.replace("_", "-"), stored.rows(CONNECTIONS)
    return next(each for each in chain([name], (f"{name}-{n}" for n in count(2))) if each not in taken)


def _kept(stored: Document, channel: str, told: Told) -> Row:
    """What is kept of a channel as such."""
    kept: dict[str, Value | None] = {"active": True, **stored.rows(INTEGRATIONS).get(channel, {})}
    if told.webhook_url is not None:
        kept["webhook_url"] = forms.web_address(told.webhook_url) if told.webhook_url else None
    if told.active is not None:
        kept["active"] = told.active
    if told.credentials is not None and not ways()[channel].credentials:
        kept |= {CREDENTIAL + name: value for name, value in zip_longest(_KEPT, told.credentials)}
    return as_row(kept)


def _named(channel: str, credentials: Sequence[Secret]) -> dict[str, str]:
    """Credentials by the names of the form that has so many."""
    forms_known = forms_of(channel)
    for form in forms_known:
        if len(form) == len(credentials):
            values = (each.reveal() for each in credentials)
            return dict(zip(form.values(), values, strict=True))
    choices = (" and ".join(f"{given} ({name})" for given, name in form.items()) for form in forms_known)
    wanted = ", or ".join(choices)
    remedy = f"give {wanted}" if wanted else "add a channel connection, or write it into rentalsync.yaml"
    raise UnfitError(f"{titles()[channel]} lets nobody in by that", remedy)


def _with(document: Document, table: str, changed: Mapping[str, Row]) -> Document:
    return document.with_rows(table, {**document.rows(table), **changed})
