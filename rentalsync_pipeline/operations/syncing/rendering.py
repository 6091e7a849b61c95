"""One feed, from what is true to its bytes.

Belongs here: choosing what an audience sees, counting changes (SEQUENCE), and handing both to the
writer. Does not: words and bytes (`calendars`), files (`operations.syncing.publish`). No I/O.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from rentalsync_pipeline.calendars.wording import words
from rentalsync_pipeline.calendars.writer import FeedEvent, FeedHeader, render
from rentalsync_pipeline.core.model import Kind, Occupation
from rentalsync_pipeline.core.portfolio import OWNER, Listing, Style
from rentalsync_pipeline.core.visibility import shows
from rentalsync_pipeline.operations.syncing.pinned import Pinned
from rentalsync_pipeline.warehouse.moments import aware

BARE = "Reserved"
"""The SUMMARY of an event whose words were found to hold personal data."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How channels and listings appear to people: titles and colours by channel, names by slug."""

    titles: Mapping[str, str]
    colors: Mapping[str, str]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Carried:
    """An event as a feed last carried it."""

    event: FeedEvent
    form: str
    """How its nights were written then."""
    current: bool
    """Whether the feed carries it still."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A feed's bytes, and how its events differ from what it carried."""

    data: bytes
    form: str
    events: int
    written: tuple[FeedEvent, ...]
    ended: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """What holds for one rendering of one feed.

    `spare` is what it shows when it would show nothing: Booking.com refuses an empty calendar. `pinned` is
    what it shows of an earlier version, where it is rolled back.
    """

    listing: Listing
    audience: str
    looks: Looks
    now: datetime
    refresh: timedelta
    spare: tuple[Occupation, ...] = ()
    pinned: Pinned | None = None

    @property
    def header(self) -> FeedHeader:
        """What the feed says of itself."""
        return header_of(self.listing, self.refresh)

    @property
    def form(self) -> str:
        """How nights are written: with another zone or time of day the same nights are other moments."""
        its = self.listing
        if its.feed.style is Style.ALL_DAY:
            return its.feed.style
        return f"{its.feed.style} {its.timezone} {its.check_in:%H:%M} {its.check_out:%H:%M}"


def render_feed(
    edition: Edition,
    stays: Iterable[Mapping[str, Any]],
    carried: Mapping[str, Carried],
    bare: Collection[str] = (),
) -> Rendered:
    """Render what the audience sees of the stays given, in their order; those in `bare` without words.

    An event that is not as the feed last carried it gets the next SEQUENCE and the edition's moment as its
    LAST-MODIFIED; all others keep theirs, so that equal stays give equal bytes.
    """
    blocks = edition.listing.feed.blocks
    shown = (stay for stay in stays if shows(edition.audience, Kind(stay["kind"]), stay["channels"], blocks))
    before = {uid: known.event for uid, known in carried.items() if known.current}
    called = {uid: event.summary for uid, event in before.items()}
    drafts = _drafts(edition, [_occupation(stay, edition) for stay in shown], called)
    if edition.pinned:
        drafts = edition.pinned.over(drafts)
    events = [
        _stamped(_cut(draft) if draft.uid in bare else draft, carried.get(draft.uid), edition)
        for draft in drafts or _drafts(edition, edition.spare, called)
    ]
    present = {event.uid for event in events}
    written = tuple(event for event in events if before.get(event.uid) != event)
    rewritten = {event.uid for event in written}
    return Rendered(
        data=render(edition.header, events),
        form=edition.form,
        events=len(events),
        written=written,
        ended=tuple(uid for uid in before if uid not in present or uid in rewritten),
    )


def header_of(listing: Listing, refresh: timedelta) -> FeedHeader:
    """What any feed of a listing says of itself."""
    its = listing
    return FeedHeader(its.name, its.timezone, its.feed.style, its.check_in, its.check_out, refresh)


def carried_event(row: Mapping[str, Any]) -> Carried:
    """A row of `feed_events` as what a feed carries, or carried."""
    return Carried(event_of(row), row["form"], row["carried"])


def event_of(row: Mapping[str, Any]) -> FeedEvent:
    """A row of `feed_events` as the event that it was; one whose words retention has taken is bare."""
    return FeedEvent(
        uid=row["uid"],
        check_in=row["check_in"],
        check_out=row["check_out"],
        summary=row["summary"] or BARE,
        description=row["description"],
        color=row["color"],
        sequence=row["sequence"],
        last_modified=aware(row["last_modified"]),
    )


def _drafts(
    edition: Edition, occupations: Sequence[Occupation], called: Mapping[str, str]
) -> list[FeedEvent]:
    """The events in their words, as if they had changed now; `called` are their SUMMARYs until now."""
    titles = edition.looks.titles
    texts = words(occupations, edition.listing, edition.audience, titles=titles, carried=called)
    # Which channel sold a stay is for the owner to see, nobody else.
    colors = edition.looks.colors if edition.audience == OWNER else {}
    return [
        FeedEvent(
            uid=occupation.uid,
            check_in=occupation.check_in,
            check_out=occupation.check_out,
            summary=summary,
            last_modified=edition.now,
            description=description,
            color=colors.get(occupation.channel or ""),
        )
        for occupation, (summary, description) in zip(occupations, texts, strict=True)
    ]


def _cut(event: FeedEvent) -> FeedEvent:
    return replace(event, summary=BARE, description="")


def _stamped(draft: FeedEvent, known: Carried | None, edition: Edition) -> FeedEvent:
    """The event as it stands in the feed, or with the next SEQUENCE, as of now."""
    if known is None:
        return draft
    if known.current and known.form == edition.form and _says(known.event) == _says(draft):
        return known.event
    return replace(draft, sequence=known.event.sequence + 1, last_modified=edition.now)


def _says(event: FeedEvent) -> tuple[object, ...]:
    return event.check_in, event.check_out, event.summary, event.description, event.color


def _occupation(stay: Mapping[str, Any], edition: Edition) -> Occupation:
    """A row of `publish_stays`, as the words are chosen from it."""
    home = stay["home"]
    return Occupation(
        uid=stay["stay"],
        kind=Kind(stay["kind"]),
        check_in=stay["check_in"],
        check_out=stay["check_out"],
        channel=stay["channel"],
        code=stay["code"],
        guest_name=stay["guest_name"],
        phone_last4=stay["phone_last4"],
        guests=stay["guests"],
        url=stay["url"],
        notes=stay["notes"],
        extras=json.loads(stay["extras"]) if stay["extras"] else {},
        place=edition.looks.names.get(home, home) if home != edition.listing.slug else None,
    )
