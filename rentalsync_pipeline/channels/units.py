"""What of an account can be a listing of ours: properties, and their rooms.

Belongs here: making units of records as vendors list them. Does not: which field means what (each channel's
file), the listings themselves (`core.portfolio`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rentalsync_pipeline.channels import fields
from rentalsync_pipeline.channels.wire.session import Record


@dataclass(frozen=True, slots=True)
class Unit:
    """Something of an account that can be a listing of ours.

    The id of a room of a property is `property/room`: what has no room yet belongs to `property`.
    """

    id: str
    name: str
    timezone: str | None = None


def unit_of(record: Record, name: str = "name", timezone: str | None = None) -> Unit:
    """The unit of a record with these fields, called by its id where it has no name."""
    number = fields.id_of(record)
    return Unit(number, fields.text(record.get(name)) or number, fields.text(record.get(timezone or "")))


def with_rooms(houses: Iterable[Record], rooms: str) -> Iterator[Unit]:
    """Properties, each before its rooms, which stand in the field `rooms` of its record."""
    for house in houses:
        yield (property_ := unit_of(house))
        for room in fields.items(house.get(rooms)):
            number = f"{property_.id}/{fields.id_of(room)}"
            yield Unit(number, fields.text(room.get("name")) or number)
