"""A pasted calendar URL becomes a connection, and a listing where it is of a new one; not by the file.

Belongs here: what follows from the URL and a listing. Does not: the file (`connect`, which writes the same
into it), what a connection must satisfy (`configure_connections`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rentalsync_pipeline.channels.registry import recognise
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written import forms
from rentalsync_pipeline.control.written.config import listing_row
from rentalsync_pipeline.control.written.document import CONNECTIONS, LISTINGS, Document
from rentalsync_pipeline.control.written.entries import ListingEntry
from rentalsync_pipeline.control.written.problems import WrongValueError
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.operations.configuring.adopting import DEFAULTS
from rentalsync_pipeline.operations.configuring.configure import refuse_too_many
from rentalsync_pipeline.operations.configuring.configure_connections import with_connection
from rentalsync_pipeline.operations.configuring.discovering import slug_for
from rentalsync_pipeline.operations.configuring.integrations import free_id


@dataclass(frozen=True, slots=True)
class NewListing:
    """A listing that is to be, published from the next sync on."""

    name: str
    timezone: str


def paste(
    control: ControlStore,
    url: str,
    listing: str | NewListing,
    who: str,
    now: datetime,
    *,
    limit: int | None = None,
) -> str:
    """Connect the calendar at `url` to a listing, by its slug or a new one; returns the connection's id.

    Its channel is recognised from the URL.

    Raises `WrongValueError`, also where a connection asks that very calendar already, or `TooManyListings`
    where that would be one more than `limit`; then nothing is kept.
    """
    address = forms.location(url)
    if not isinstance(address, Secret):
        raise WrongValueError("this is no web address", "paste the calendar's whole link, https:// and all")
    with control.configuring(who, now) as configuration:
        stored = configuration.stored()
        _refuse_doubled(stored, address)
        after, slug = (stored, listing) if isinstance(listing, str) else _with_listing(stored, listing)
        refuse_too_many(stored, after.rows(LISTINGS), limit)
        channel = recognise(address.reveal())
        name = free_id(f"{slug}-{channel}", after)
        given: Mapping[str, object] = {"channel": channel, "listing": slug, "url": address.reveal()}
        configuration.replace(stored, with_connection(control, after, name, given))
    return name


def _with_listing(stored: Document, new: NewListing) -> tuple[Document, str]:
    """What is stored and that listing, and its slug."""
    rows = stored.rows(LISTINGS)
    slug = slug_for(forms.text(new.name), rows)
    entry = ListingEntry(slug=slug, name=new.name, timezone=forms.zone(new.timezone))
    return stored.with_rows(LISTINGS, {**rows, slug: listing_row(entry, DEFAULTS)}), slug


def _refuse_doubled(stored: Document, address: Secret) -> None:
    for name, row in stored.rows(CONNECTIONS).items():
        if row.get("url") == address:
            raise WrongValueError(f"connection {name} asks this very calendar already", "change that one")
