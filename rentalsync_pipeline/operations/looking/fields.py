"""The lines of a listing's owner feed that can be chosen.

Belongs here: which fields there are. Does not: what they say (`calendars.fields`).
"""

from __future__ import annotations

from dataclasses import dataclass

from rentalsync_pipeline.calendars.fields import FIELDS, label
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.portfolio import Field, Listing
from rentalsync_pipeline.operations.reading import snapshot


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that a listing may show."""

    name: str
    label: str
    about: str


def choices(control: ControlStore, listing: Listing) -> list[Choice]:
    """The fields that we know, then those that this listing's channels deliver or it shows already."""
    with snapshot(control.home) as rows:
        delivered = [row["name"] for row in rows("read_extra_fields", listing=listing.slug)]
    others = dict.fromkeys([*delivered, *(field.name for field in listing.fields)])
    known = [Choice(name, line.label, line.about) for name, line in FIELDS.items()]
    return known + [
        Choice(name, label(Field(name)), "Delivered by the channel") for name in others if name not in FIELDS
    ]
