"""What the reading verbs share: the snapshot, and finding what a person named.

Belongs here: opening the snapshot, which is all that readers ever see of the warehouse, so that they
never wait for a sync. Does not: what is read (`status`, `listings`, `explain`, `history`, `conflicts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Protocol

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.core.portfolio import Listing, Portfolio
from rentalsync_pipeline.warehouse.moments import aware
from rentalsync_pipeline.warehouse.version import OutdatedError
from rentalsync_pipeline.warehouse.warehouse import Warehouse

Row = dict[str, Any]


class UnknownError(LookupError):
    """A listing or connection that is not configured; the message says which is nearest."""


class Rows(Protocol):
    """Asks a statement of `warehouse/queries` for its rows."""

    def __call__(self, name: str, /, **parameters: object) -> list[Row]:
        """The rows."""


@contextmanager
def snapshot(home: Home) -> Iterator[Rows]:
    """The snapshot of a home, for the length of one reading; before the first sync it has no rows.

    Raises `OutdatedError` where another version of this program made it.
    """
    if not home.snapshot.exists():
        yield lambda _name, /, **_parameters: []
        return
    with Warehouse.open(home.snapshot, read_only=True) as warehouse:
        if not warehouse.is_current_snapshot:
            raise OutdatedError(
                f"{home.snapshot} is of another version: the next `rentalsync sync` renews it"
            )
        yield warehouse.rows


def moment(stored: datetime | None) -> datetime | None:
    """A stored TIMESTAMP as an aware moment, where there is one."""
    return aware(stored) if stored else None


def find_listing(portfolio: Portfolio, slug: str) -> Listing:
    """The listing of that slug; raises `UnknownError`."""
    listings = {listing.slug: listing for listing in portfolio.listings}
    if slug not in listings:
        raise UnknownError(_unknown("listing", slug, list(listings)))
    return listings[slug]


def find_connection(portfolio: Portfolio, name: str) -> str:
    """The id of that connection; raises `UnknownError`."""
    names = [connection.id for connection in portfolio.connections]
    if name not in names:
        raise UnknownError(_unknown("connection", name, names))
    return name


def _unknown(what: str, name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(known[:12]) or 'none yet'}"
    return f"there is no {what} `{name}`; {hint}"
