"""Changing the configuration by other means than the file: one listing at a time.

Belongs here: what a change must satisfy, and writing it. Does not: the file (`apply`, which keeps such
changes and shows them as drift), forms of values (`control.written.forms`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from rentalsync_pipeline.calendars.writer import has_rules
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written import forms
from rentalsync_pipeline.control.written.document import LISTINGS, Document, Row
from rentalsync_pipeline.control.written.problems import WrongValueError
from rentalsync_pipeline.control.written.references import carried
from rentalsync_pipeline.core.portfolio import Style
from rentalsync_pipeline.operations.asking import RENAME
from rentalsync_pipeline.operations.reading import UnknownError

_FORMS = {"timezone": forms.zone, "name": forms.text}


class SlugTaken(ValueError):
    """Another listing has that slug."""


class TooManyListings(ValueError):
    """No more listings may be enabled."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"Maximum of {limit} listings can be enabled")


def change_listing(
    control: ControlStore,
    slug: str,
    changes: Row,
    who: str,
    now: datetime,
    *,
    new_slug: str | None = None,
    limit: int | None = None,
) -> str:
    """Change fields of a listing, its slug too, and return the slug that it has then; all or nothing.

    Raises:
        UnknownError: there is no such listing any more.
        WrongValueError: a value that can't be, or a zone in which this listing can't be published.
        SlugTaken: another listing has the new slug.
        TooManyListings: this would be one more than `limit` that is enabled.
    """
    target = forms.slug(new_slug) if new_slug else slug
    checked = {name: _FORMS[name](value) if name in _FORMS else value for name, value in changes.items()}
    with control.configuring(who, now) as configuration:
        stored = configuration.stored()
        if slug not in stored.rows(LISTINGS):
            raise UnknownError("Listing not found")
        if target != slug:
            _refuse_taken(target, stored)
        renamed = {LISTINGS: {target: slug}} if target != slug else {}
        document = carried(stored, renamed)
        row = {**document.rows(LISTINGS)[target], **checked}
        listings = {**document.rows(LISTINGS), target: row}
        _refuse_unfit(row)
        refuse_too_many(stored, listings, limit)
        after = replace(document.with_rows(LISTINGS, listings), renamed=renamed)
        configuration.replace(stored, after)
        if target != slug:
            configuration.ask(RENAME, target, {"table": LISTINGS, "old": slug})
    return target


def _refuse_taken(slug: str, stored: Document) -> None:
    if slug in stored.rows(LISTINGS):
        raise SlugTaken(f"the slug `{slug}` is in use by another listing")


def _refuse_unfit(row: Row) -> None:
    zone = str(row["timezone"])
    if row["style"] == Style.TIMED and not has_rules(zone):
        raise WrongValueError(
            f"calendars can't be told the clock changes of {zone}", "publish this listing in whole days"
        )


def refuse_too_many(stored: Document, listings: Mapping[str, Row], limit: int | None) -> None:
    """Raise `TooManyListings`; a limit that is exceeded already forbids one more, not what there is."""
    enabled = sum(row["enabled"] is True for row in listings.values())
    before = sum(row["enabled"] is True for row in stored.rows(LISTINGS).values())
    if limit is not None and enabled > max(limit, before):
        raise TooManyListings(limit)
