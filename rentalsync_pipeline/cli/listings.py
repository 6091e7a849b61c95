"""`listings`."""

from __future__ import annotations

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, feeds_option
from rentalsync_pipeline.control.home import find_feeds
from rentalsync_pipeline.operations.looking.listings import Feed, ListingFeeds, listings


@command("listings", "rentalsync listings")
@feeds_option
def run(desk: Desk, feeds: str | None) -> None:
    """Each listing with the address of every feed: its URL, or its file while there is no public_url.

    Whoever has an address can read that calendar.
    """
    with desk.control() as control:
        found = listings(control, find_feeds(control.home, feeds))
    desk.answer(found, lambda: _show(found))


def _show(found: list[ListingFeeds]) -> None:
    for listing in found:
        off = "" if listing.enabled else ", disabled: not published"
        told = ", ".join(listing.connections) or "no connection"
        click.secho(f"{listing.slug}: {listing.name}, {listing.timezone}{off}", bold=True)
        output.show_line(f"  told by {told}")
        for feed in listing.feeds if listing.enabled else ():
            output.show_line(f"  {feed.audience}: {_stand(feed)}")
            output.show_line(f"    {feed.address}")
            if feed.note:
                output.show(feed.note, indent=4)


def _stand(feed: Feed) -> str:
    if not feed.is_published:
        return "not published yet"
    return f"{output.some(feed.events or 0, 'event')}, changed {output.when(feed.last_change)} UTC"
