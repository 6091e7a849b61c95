"""Under which names listings are published: remembered for good, so that no address in use goes away.

Belongs here: what outlives a listing's row: the slug that it was first called by, how often its tokens were
rotated, the channels that it was ever connected to. Does not: making names of them (`publishing.names`).
A listing that is removed and added again has the tokens that it had last: what was rotated away stays so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import chain, count
from typing import Any

from sqlalchemy import Connection, select, update

from rentalsync_pipeline.control.audit import Change
from rentalsync_pipeline.control.chain import Entry
from rentalsync_pipeline.control.database import upsert
from rentalsync_pipeline.control.schema import AddressRow, table_of
from rentalsync_pipeline.control.written.document import CONNECTIONS, MAPPED, Document, Row

_ADDRESSES = table_of(AddressRow)


def read(connection: Connection) -> dict[str, Mapping[str, Any]]:
    """What is remembered of each listing, by the slug that it has now."""
    rows = connection.execute(select(_ADDRESSES).where(AddressRow.listing.is_not(None))).mappings()
    return {row["listing"]: dict(row) for row in rows}


def rotate(change: Change, listing: str, overlap_until: datetime | None) -> int:
    """Raise a listing's generation and return it."""
    raised = (
        update(_ADDRESSES)
        .where(AddressRow.listing == listing)
        .values(generation=AddressRow.generation + 1, overlap_until=overlap_until)
        .returning(AddressRow.generation)
    )
    generation: int = change.connection.execute(raised).scalar_one()
    until = overlap_until.isoformat() if overlap_until else None
    told = {"generation": str(generation), "overlap_until": until}
    change.note([Entry("feeds_rotate", listing, new=told)])
    return generation


def rename(connection: Connection, old: str, new: str) -> None:
    """Let a listing keep its address under another slug; what a removed one of that slug had is nobody's."""
    connection.execute(update(_ADDRESSES).where(AddressRow.listing == new).values(listing=None))
    connection.execute(update(_ADDRESSES).where(AddressRow.listing == old).values(listing=new))


def remember(connection: Connection, listings: Collection[str], *documents: Document) -> None:
    """Give each listing an address that no other ever had, and note the channels that these connect it to."""
    known, connected = read(connection), _connected(*documents)
    taken = set(connection.execute(select(AddressRow.address)).scalars())
    rows = []
    for slug in sorted(listings):
        row = known.get(slug) or {"address": _free(slug, taken), "channels": None}
        channels = sorted(connected[slug].union(row["channels"] or ()))
        if channels != row["channels"]:
            taken.add(row["address"])
            rows.append({"address": row["address"], "listing": slug, "channels": channels})
    upsert(connection, _ADDRESSES, rows, key=["address"])


def _free(slug: str, taken: Collection[str]) -> str:
    names = chain([slug], (f"{slug}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


def _connected(*documents: Document) -> defaultdict[str, set[str]]:
    """The channels of the enabled connections of each listing."""
    channels = defaultdict[str, set[str]](set)
    for document in documents:
        for row in document.rows(CONNECTIONS).values():
            for slug in _served(row) if row.get("enabled", True) else ():
                channels[slug].add(str(row["channel"]))
    return channels


def _served(row: Row) -> Iterator[str]:
    return (str(value) for name, value in row.items() if name == "listing" or name.startswith(MAPPED))
