"""What is which listing at a channel, and a sync of all of it.

Belongs here: a mapping from ids there to listings here, kept as that of its connections. Does not: what a
connection must satisfy (`configure_connections`), what else an integration is told (`integrations`). What
becomes another listing's frees no night of the first (`syncing.reconfigure`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rentalsync_pipeline.channels.registry import channels
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written import forms
from rentalsync_pipeline.control.written.document import INTEGRATIONS, LISTINGS, MAPPED, Document, Row, Rows
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.operations.asking import CHANNEL, CONNECTION, ask_sync, refuse_unheard
from rentalsync_pipeline.operations.configuring.configure_connections import with_connection
from rentalsync_pipeline.operations.configuring.integrations import UnfitError, account_of, chosen_of, free_id


class IdleError(ValueError):
    """Nothing of the channel would be asked."""


def map_and_sync(
    control: ControlStore,
    channel: str,
    mapping: Mapping[str, str],
    who: str,
    now: datetime,
    connection: str | None = None,
) -> int:
    """Keep a mapping, and ask for a sync of a channel, or of one connection; returns the request's id.

    `mapping` goes from an id there to a slug or a listing's number. An id is that of an account's room, that
    of a connection that is a calendar, or the address of a calendar, which becomes a connection. What is not
    in it stays as it is.

    Raises `NobodyLooks`, `UnknownError`, `UnfitError`, `SeveralError`, `IdleError` or `WrongValueError`; then
    nothing is kept.
    """
    refuse_unheard(control, now)
    numbers = {str(number): slug for slug, number in control.listing_keys().items()}
    with control.configuring(who, now) as configuration:
        stored = configuration.stored()
        places = {upstream: _listing(stored, numbers, named) for upstream, named in mapping.items()}
        after = _mapped(control, stored, channel, connection, places)
        _refuse_idle(channel, chosen_of(after, channel, connection))
        configuration.replace(stored, after)
    kind, subject = (CONNECTION, connection) if connection else (CHANNEL, channel)
    return ask_sync(control, kind, subject, who, now)


def _listing(stored: Document, numbers: Mapping[str, str], named: str) -> str:
    """The slug of a listing that is named by slug or number."""
    slug = named if named in stored.rows(LISTINGS) else numbers.get(named)
    if slug is None:
        raise UnfitError(
            f"there is no listing {forms.quoted(named)}", "give a slug or number of /api/listings"
        )
    return slug


def _mapped(
    control: ControlStore, stored: Document, channel: str, connection: str | None, places: Mapping[str, str]
) -> Document:
    """What is stored, with these places: of calendars one by one, of the account all at once."""
    rooms, after = {}, stored
    for upstream, slug in places.items():
        if name := _calendar(chosen_of(after, channel, connection), upstream):
            after = with_connection(control, after, name, {"listing": slug})
        elif "://" in upstream:
            active = stored.rows(INTEGRATIONS).get(channel, {}).get("active", True)
            new = {"channel": channel, "listing": slug, "url": upstream, "enabled": active}
            after = with_connection(control, after, free_id(f"{slug}-{channel}", after), new)
        else:
            rooms[upstream] = slug
    return _with_rooms(control, after, channel, connection, rooms) if rooms else after


def _calendar(chosen: Rows, upstream: str) -> str | None:
    """The connection that is the calendar of that id or address."""
    found = (name for name, row in chosen.items() if "listing" in row and upstream in (name, _address(row)))
    return next(found, None)


def _address(row: Row) -> str | None:
    url = row["url"]
    return url.reveal() if isinstance(url, Secret) else None


def _with_rooms(
    control: ControlStore, stored: Document, channel: str, connection: str | None, rooms: Mapping[str, str]
) -> Document:
    chosen = chosen_of(stored, channel, connection)
    name = account_of(chosen)
    if name is None:
        its = channels()[channel]
        unknown = ", ".join(map(forms.quoted, rooms))
        raise UnfitError(f"{its.title} has no calendar {unknown}", f"give its address instead ({its.export})")
    its_rooms = {
        key.removeprefix(MAPPED): slug for key, slug in chosen[name].items() if key.startswith(MAPPED)
    }
    return with_connection(control, stored, name, {"listings": {**its_rooms, **rooms}})


def _refuse_idle(channel: str, chosen: Rows) -> None:
    """Raise `IdleError` where no connection would be asked."""
    enabled = [row for row in chosen.values() if row["enabled"]]
    title = channels()[channel].title
    if not chosen:
        raise IdleError(f"{title} has no connection yet: configure it, or give `propertyMapping`")
    if not enabled:
        raise IdleError(f"{title} is not active: configure `isActive` first")
    if not any("listing" in row or any(key.startswith(MAPPED) for key in row) for row in enabled):
        raise IdleError(f"{title} is mapped to no listing: give `propertyMapping`")
