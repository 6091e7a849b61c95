"""A channel that imports our feed, late and in its own way: what echoes are made of.

As the real ones do (measured): it writes adjacent ranges as one, closes nights for preparation around them,
clips what is running, and forgets every id and word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from rentalsync_pipeline_tests.operations.dialects import Nights, airbnb, block, booking_com, closed
from rentalsync_pipeline_tests.operations.town import Town

DAY = timedelta(days=1)


@dataclass
class Importer:
    """One channel of a listing: what it sold, and what it last took from the feed made for it."""

    listing: str
    channel: str
    every: timedelta
    preparation: int = 0
    sold: dict[str, Nights] = field(default_factory=dict)
    imported: set[date] = field(default_factory=set)
    next_import: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.listing}-{self.channel.replace('_', '-')}"

    def import_feed(self, town: Town) -> None:
        """Take the feed that was made for it, when it is time."""
        path = town.path(self.listing, f"for-{self.channel}")
        if path is None or (self.next_import and town.now < self.next_import):
            return
        self.next_import = town.now + self.every
        padding = [DAY * n for n in range(-self.preparation, self.preparation + 1)]
        nights = (each for each in town.nights(self.listing, f"for-{self.channel}") if each.year < 2030)
        self.imported = {night + shift for night in nights for shift in padding}

    def calendar(self, today: date) -> str:
        """What it exports: its guests, and everything else that it has closed."""
        own = list(self.sold.values())
        taken = {night for each in own for night in each.nights}
        if self.channel == "airbnb":
            echoes = ranges(night for night in self.imported - taken if night >= today - 2 * DAY)
            return airbnb(*own, *(block(first, count) for first, count in echoes))
        merged = ranges(night for night in self.imported | taken if night >= today)
        return booking_com(*(closed(first, count) for first, count in merged))


def ranges(nights: Iterable[date]) -> list[tuple[date, int]]:
    """The nights as first night and count, adjacent ones together."""
    ordered = sorted(nights)
    starts = ordered[:1] + [later for earlier, later in pairwise(ordered) if later - earlier > DAY]
    ends = [earlier for earlier, later in pairwise(ordered) if later - earlier > DAY] + ordered[-1:]
    return [(first, (last - first).days + 1) for first, last in zip(starts, ends, strict=True)]


def live(town: Town, importers: Iterable[Importer], hours: int) -> None:
    """Let the time pass in syncs of an hour, everybody importing in their own time."""
    for _ in range(hours):
        for importer in importers:
            importer.import_feed(town)
            town.calendars[importer.name] = importer.calendar(town.today)
        town.sync(minutes=60)
