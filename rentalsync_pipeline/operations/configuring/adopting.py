"""Making listings of what an account has: disabled ones, for a person to enable.

Belongs here: from units that are mapped to no listing to listings and their mapping. Does not: asking the
account (`probing`), names for them (`discovering`).
"""

from __future__ import annotations

from datetime import datetime

from rentalsync_pipeline.control.config import listing_row
from rentalsync_pipeline.control.document import CONNECTIONS, LISTINGS, MAPPED
from rentalsync_pipeline.control.entries import DefaultsEntry, ListingEntry
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.verdict import Failure
from rentalsync_pipeline.operations.configuring.discovering import discovered
from rentalsync_pipeline.operations.configuring.probing import probe

DEFAULTS = DefaultsEntry(timezone="UTC")
"""For a unit whose account tells no zone: it must be corrected before it is enabled."""


def adopt(control: ControlStore, connection: str, who: str, now: datetime) -> Failure | None:
    """Ask an account what it has, and make a disabled listing of each room that is mapped to none.

    Returns why that was not possible; then nothing is changed.
    """
    (found,) = probe(control, {connection}, lambda: now)
    if found.failure:
        return found.failure
    told = discovered(found, control.portfolio())
    new = {each["slug"]: ListingEntry(**each, enabled=False) for each in told["listings"]}
    mapping = {MAPPED + unit: slug for unit, slug in told["connections"][0]["listings"].items()}
    with control.configuring(who, now) as configuration:
        stored = configuration.stored()
        listings, connections = stored.rows(LISTINGS), stored.rows(CONNECTIONS)
        rows = {slug: listing_row(entry, DEFAULTS) for slug, entry in new.items() if slug not in listings}
        after = stored.with_rows(LISTINGS, {**listings, **rows}).with_rows(
            CONNECTIONS, {**connections, connection: {**connections[connection], **mapping}}
        )
        configuration.replace(stored, after)
    return None
