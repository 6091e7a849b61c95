"""`feeds`: the published files, one by one."""

from __future__ import annotations

from datetime import timedelta

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, feeds_option, now
from rentalsync_pipeline.control.home import find_feeds
from rentalsync_pipeline.operations.listings import Feed, listings
from rentalsync_pipeline.operations.reading import find_listing


@click.group("feeds")
def run() -> None:
    """The published files, one by one."""


@command("list", "rentalsync feeds list --json")
@feeds_option
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
@click.option(
    "--overlap", default=7, show_default=True, help="Days for which the old addresses keep working."
)
@click.option("--at-once", is_flag=True, help="End the old addresses with the next sync: one got out.")
def rotate(desk: Desk, listing: str, overlap: int, at_once: bool) -> None:
    """Give every feed of LISTING a new address.

    The next sync publishes them there. The old addresses work for a while longer, so that whoever subscribed
    (channels, phones, Home Assistant) can be given the new ones.
    """
    until = None if at_once else now(None) + timedelta(days=overlap)
    with desk.control() as control:
        find_listing(control.portfolio(), listing)
        generation = control.rotate(listing, until)
    then = f"rentalsync sync --listing {listing}"
    old = f"the old ones end on {until:%Y-%m-%d}" if until else "the old ones end with it"
    desk.answer(
        {"listing": listing, "generation": generation, "overlap_until": until, "next": then},
        lambda: output.show(f"{listing} gets new addresses in the next sync (`{then}`); {old}."),
    )


run.add_command(list_feeds)
run.add_command(rotate)
