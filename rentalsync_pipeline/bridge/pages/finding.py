"""Finding listings among many: by a word, by how they stand, and a part at a time.

Belongs here: what a query may say, and the addresses of the parts before and after. Does not: reading the
listings (`operations.watching.catalogue`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from rentalsync_pipeline.operations.watching.catalogue import Unit


class Only(StrEnum):
    """Which listings are wanted."""

    ALL = ""
    CONFLICTS = "conflicts"
    TROUBLE = "trouble"
    PUBLISHED = "published"
    OFF = "off"


ONLY: Mapping[Only, tuple[str, Callable[[Unit], bool]]] = {
    Only.ALL: ("All listings", lambda _unit: True),
    Only.CONFLICTS: ("With double bookings", lambda unit: unit.conflicts > 0),
    Only.TROUBLE: ("With trouble", lambda unit: unit.trouble is not None),
    Only.PUBLISHED: ("Published", lambda unit: unit.listing.enabled),
    Only.OFF: ("Not published", lambda unit: not unit.listing.enabled),
}


class Search(BaseModel):
    """What was asked for; `part` counts from 1."""

    model_config = ConfigDict(frozen=True)

    q: str = Field("", max_length=100)
    only: Only = Only.ALL
    part: int = Field(1, ge=1, le=100_000)

    def pick(self, units: Sequence[Unit]) -> list[Unit]:
        """Those that are meant, by their names."""
        words, (_, is_meant) = self.q.casefold().split(), ONLY[self.only]
        found = [unit for unit in units if is_meant(unit) and all(word in _said(unit) for word in words)]
        return sorted(found, key=lambda unit: (unit.listing.name.casefold(), unit.listing.slug))

    def of(self, found: Sequence[Unit], size: int) -> Sequence[Unit]:
        """The part of those that is meant."""
        return found[(self.part - 1) * size : self.part * size]

    def to(self, path: str, **others: object) -> str:
        """The path of the same search with something else."""
        given = self.model_dump(mode="json", exclude_defaults=True) | others
        query = urlencode({name: value for name, value in given.items() if value not in ("", None)})
        return f"{path}?{query}" if query else path

    def around(self, path: str, count: int, size: int) -> tuple[str, str]:
        """The paths of the parts before and after this one, empty where there is none."""
        before = self.to(path, part=self.part - 1) if self.part > 1 else ""
        after = self.to(path, part=self.part + 1) if self.part * size < count else ""
        return before, after


def _said(unit: Unit) -> str:
    return f"{unit.listing.name} {unit.listing.slug}".casefold()
