"""How lists are cut into pages: the few styles of all APIs, as values.

Belongs here: where the next page is, and whether the pages add up. Does not: asking for them (`session`).
A list that ends before what was announced has come is incomplete: nothing may be concluded from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.core.verdict import Reason

_NOTHING: Mapping[str, str | int] = MappingProxyType({})

Place = str | Callable[[Any], Any]
"""Where something stands in a document: keys joined by dots (`meta.total`), or a function that finds it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one more page is asked for with: parameters, or a whole address."""

    params: Mapping[str, str | int] = field(default_factory=lambda: _NOTHING)
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SoFar:
    """How much of a list has come, with this page."""

    pages: int
    records: int


class Paging(Protocol):
    """One style."""

    def first(self) -> Turn:
        """The first page."""
        ...

    def records(self, document: Any) -> list[dict[str, Any]]:
        """The records of a page; raises `FetchError` where it has none to show."""
        ...

    def next(self, document: Any, page: Sequence[Any], so_far: SoFar) -> Turn | None:
        """The page after this one; `None` after the last.

        Raises `FetchError` (incomplete) when the list ends before its announced total.
        """
        ...


@dataclass(frozen=True, slots=True)
class Numbered:
    """Pages by number, from 1 (or `start`), until the announced total has come.

    `items` and `total` are where these stand in a page. Without `total` the list ends with a page that is not
    full.
    """

    items: Place
    number: str
    size: tuple[str, int]
    """The name of the parameter, and the most that the API gives."""
    total: Place | None = None
    start: int = 1

    def first(self) -> Turn:
        """Page 1."""
        return self._turn(self.start)

    def records(self, document: Any) -> list[dict[str, Any]]:
        """What stands under `items`."""
        return records_at(document, self.items)

    def next(self, document: Any, page: Sequence[Any], so_far: SoFar) -> Turn | None:
        """One more page, unless everything has come."""
        goes_on = _goes_on(document, self.total, page, so_far.records, self.size[1])
        return self._turn(self.start + so_far.pages) if goes_on else None

    def _turn(self, number: int) -> Turn:
        name, most = self.size
        return Turn({self.number: number, name: most})


@dataclass(frozen=True, slots=True)
class Offset:
    """Pages by how many records are skipped; otherwise as `Numbered`."""

    items: Place
    skip: str
    size: tuple[str, int]
    total: Place | None = None

    def first(self) -> Turn:
        """Nothing skipped."""
        return self._turn(0)

    def records(self, document: Any) -> list[dict[str, Any]]:
        """What stands under `items`."""
        return records_at(document, self.items)

    def next(self, document: Any, page: Sequence[Any], so_far: SoFar) -> Turn | None:
        """Skip what has come, unless that is everything."""
        goes_on = _goes_on(document, self.total, page, so_far.records, self.size[1])
        return self._turn(so_far.records) if goes_on else None

    def _turn(self, skipped: int) -> Turn:
        name, most = self.size
        return Turn({self.skip: skipped, name: most})


@dataclass(frozen=True, slots=True)
class Cursor:
    """Pages by a mark that each page gives for the next one, at `mark`; none, or an empty one, ends it.

    `of_last` takes the mark from the last record of a page instead (`afterId`); a page without any ends it.
    """

    items: Place
    param: str
    size: tuple[str, int] | None = None
    mark: Place = ""
    of_last: Place = ""

    def first(self) -> Turn:
        """Without a mark."""
        return Turn(dict([self.size]) if self.size else {})

    def records(self, document: Any) -> list[dict[str, Any]]:
        """What stands under `items`."""
        return records_at(document, self.items)

    def next(self, document: Any, page: Sequence[Any], so_far: SoFar) -> Turn | None:
        """The page behind the mark."""
        found = (at(page[-1], self.of_last) if page else None) if self.of_last else at(document, self.mark)
        return Turn({**self.first().params, self.param: found}) if found else None


@dataclass(frozen=True, slots=True)
class Linked:
    """Pages by the whole address of the next one, at `link`; it must lie on the API's hosts."""

    items: Place
    link: Place
    size: tuple[str, int] | None = None

    def first(self) -> Turn:
        """By parameters: there is no link yet."""
        return Turn(dict([self.size]) if self.size else {})

    def records(self, document: Any) -> list[dict[str, Any]]:
        """What stands under `items`."""
        return records_at(document, self.items)

    def next(self, document: Any, page: Sequence[Any], so_far: SoFar) -> Turn | None:
        """Where the link leads."""
        link = at(document, self.link)
        return Turn(url=str(link)) if link else None


def at(document: Any, place: Place) -> Any | None:
    """What stands at a place of a document; `None` where nothing does."""
    if callable(place):
        return place(document)
    for key in place.split("."):
        if not isinstance(document, Mapping):
            return None
        document = document.get(key)
    return document


def records_at(document: Any, place: Place) -> list[dict[str, Any]]:
    """The list of objects at a place (the document itself, where that is empty).

    Raises `FetchError` where there is no list, or something in it that is no object: an answer of another
    shape is not an empty one. PHP writes an empty map as `[]` and a list with gaps as a map: both are taken.
    """
    found = at(document, place) if place else document
    if isinstance(found, Mapping):
        found = list(found.values())
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise FetchError(Reason.TORN, "a page without a list of records")
    return found


def _goes_on(document: Any, total: Place | None, page: Sequence[Any], seen: int, most: int) -> bool:
    if total is None:
        return len(page) >= most
    announced = at(document, total)
    if not isinstance(announced, int | str) or not str(announced).isdecimal():
        raise FetchError(Reason.INCOMPLETE, "a page that announces no total")
    if seen < int(announced) and not page:
        raise FetchError(Reason.INCOMPLETE, f"{seen} of {announced} records came")
    return seen < int(announced)
