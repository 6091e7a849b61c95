"""`connections discover`: what an account has, as the YAML that maps it.

Belongs here: from units to entries of the configuration; pure. Does not: asking (`probing`), writing the file
(its owner does, who knows what is to be published).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import chain, count
from typing import Any

from rentalsync_pipeline.core.portfolio import Portfolio
from rentalsync_pipeline.operations.configuring.probing import Probe

_LONGEST = 50
"""Characters of a slug that is made from a name; 64 are allowed."""


def discovered(probe: Probe, portfolio: Portfolio) -> dict[str, Any]:
    """`listings` that are new, and the `connections` entry's `listings`, whole.

    A property with rooms is left out, unless it is mapped: most publish rooms, and what has no room yet can
    be mapped by hand.
    """
    (connection,) = (each for each in portfolio.connections if each.id == probe.connection)
    taken = {listing.slug for listing in portfolio.listings}
    mapping: dict[str, str] = {}
    new: list[dict[str, str]] = []
    for unit in probe.units:
        slug = connection.listings.get(unit.id)
        if unit in probe.unmapped:
            slug = slug_for(unit.name, taken)
            taken.add(slug)
            zone = {"timezone": unit.timezone} if unit.timezone else {}
            new.append({"slug": slug, "name": unit.name, **zone})
        if slug is not None:
            mapping[unit.id] = slug
    return {"listings": new, "connections": [{"id": connection.id, "listings": mapping}]}


def slug_for(name: str, taken: Collection[str]) -> str:
    """A slug of a name, which no other listing has."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or "room"
    numbered = (f"{slug}-{number}" for number in count(2))
    return next(each for each in chain([slug], numbered) if each not in taken)
