"""The connections as machines outside know them: configuration, and how it stands with each; no secret.

Belongs here: putting together what the stores know of a connection. Does not: changing it
(`configure_connections`), asking it (`probing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.portfolio import Connection
from rentalsync_pipeline.operations.reading import UnknownError
from rentalsync_pipeline.operations.watching.status import ConnectionStatus, standings


@dataclass(frozen=True, slots=True)
class Link:
    """A connection and how it stands with it."""

    connection: Connection
    status: ConnectionStatus


def links(control: ControlStore, now: datetime) -> list[Link]:
    """All connections, by id."""
    standing = {each.connection: each for each in standings(control, now)}
    return [Link(each, standing[each.id]) for each in control.portfolio().connections]


def find_link(control: ControlStore, name: str, now: datetime) -> Link:
    """The connection of that id; raises `UnknownError`."""
    for link in links(control, now):
        if link.connection.id == name:
            return link
    raise UnknownError("Connection not found")
