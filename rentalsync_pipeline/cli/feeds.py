"""`feeds`: the published files, one by one."""

from __future__ import annotations

import click

from rentalsync_pipeline.cli import desk as shared
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command
from rentalsync_pipeline.control.home import find_feeds
from rentalsync_pipeline.operations.listings import Feed, listings
from rentalsync_pipeline.operations.reading import find_listing


@click.group("feeds")
def run() -> None:
    """The published files, one by one."""


@command("list", "rentalsync feeds list --json")
@shared.feeds
def list_feeds(desk: Desk, feeds: str | None) -> None:
    """Every feed as a file: its name with the token, size, when its bytes last changed, their sha256."""
    with desk.control() as control:
        found = listings(control, find_feeds(control.home, feeds))
    files = [feed for listing in found for feed in listing.feeds]
    desk.answer(files, lambda: _show(files))


def _show(files: list[Feed]) -> None:
    """A line each, its name last and never broken: it is there to be copied."""
    line = "{:>7}  {:>9}  {:<16}  {}"
    output.show_line(line.format("events", "bytes", "changed (UTC)", "name"))
    for feed in files:
        numbers = (feed.events, feed.size) if feed.is_published else ("–", "–")
        output.show_line(line.format(*numbers, output.when(feed.last_change), feed.name))


@command("rotate", "rentalsync feeds rotate downtown-loft")
@click.argument("listing")
def rotate(desk: Desk, listing: str) -> None:
    """Give every feed of LISTING a new address, because an old one got into the wrong hands.

    The next sync publishes them there and takes the old files away. Whoever subscribed must be given the
    new addresses: channels, phones, Home Assistant.
    """
    with desk.control() as control:
        find_listing(control.portfolio(), listing)
        generation = control.rotate(listing)
    then = f"rentalsync sync --listing {listing}"
    desk.answer(
        {"listing": listing, "generation": generation, "next": then},
        lambda: output.show(f"{listing} gets new addresses in the next sync (`{then}`)."),
    )


run.add_command(list_feeds)
run.add_command(rotate)
