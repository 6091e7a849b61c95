"""`feeds`: the published files, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, feeds_option, moment, now, who
from rentalsync_pipeline.control.home import find_feeds
from rentalsync_pipeline.operations.deciding import rollbacks
from rentalsync_pipeline.operations.deciding.rollbacks import RolledBack, Standing
from rentalsync_pipeline.operations.looking.listings import Feed, listings
from rentalsync_pipeline.operations.looking.versions import versions
from rentalsync_pipeline.operations.reading import find_listing


def version(ctx: click.Context, param: click.Parameter, value: str | None) -> int | datetime | None:
    """A version's number, or a moment."""
    return int(value) if value and value.isdecimal() else moment(ctx, param, value)


audience_option = click.option(
    "--audience", metavar="AUDIENCE", help="Of this feed only: owner, busy, for-airbnb, …"
)


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
        generation = control.rotate(listing, who(), now(None), until)
    then = f"rentalsync sync --listing {listing}"
    old = f"the old ones end on {until:%Y-%m-%d}" if until else "the old ones end with it"
    desk.answer(
        {"listing": listing, "generation": generation, "overlap_until": until, "next": then},
        lambda: output.show(f"{listing} gets new addresses in the next sync (`{then}`); {old}."),
    )


@command("versions", "rentalsync feeds versions downtown-loft --audience owner")
@click.argument("listing")
@audience_option
def list_versions(desk: Desk, listing: str, audience: str | None) -> None:
    """Every version of the feeds of LISTING: how long it stood, and the run that made it."""
    with desk.control() as control:
        found = [each for each in versions(control, listing) if audience in (None, each.audience)]
        standing = rollbacks.standing(control, listing)
    columns = ("feed", "version", "since (UTC)", "until (UTC)", "events", "bytes", "run")
    rows = [
        (
            each.audience,
            each.version,
            each.since,
            each.until or "now",
            each.events,
            each.bytes,
            each.run_id[:8],
        )
        for each in found
    ]
    desk.answer({"versions": found, "rolled_back": standing}, lambda: _show_versions(columns, rows, standing))


@command("rollback", "rentalsync feeds rollback downtown-loft --to 2026-11-01T12:00:00+01:00")
@click.argument("listing")
@audience_option
@click.option("--to", callback=version, metavar="VERSION|MOMENT", help="Default: before the last change.")
@click.option(
    "--free-nights", is_flag=True, help="Also free what the older version lacks of what is taken now."
)
@click.option("--end", is_flag=True, help="Show what is true again.")
def rollback(
    desk: Desk, listing: str, audience: str | None, to: int | datetime | None, free_nights: bool, end: bool
) -> None:
    """Publish an earlier version of the feeds of LISTING again, with the next sync and until you end it.

    Clients take it, as every event that changes has a higher SEQUENCE. Nights that the older version shows as
    free but are taken now stay taken, and whatever is sold from now on appears beside it: a rollback makes no
    double booking. With --free-nights the stays of this moment that it lacks are not shown; later ones are.
    """
    with desk.control() as control:
        if end:
            ended = rollbacks.end(control, listing, audience, who(), now(None))
            desk.answer({"listing": listing, "ended": ended}, lambda: _show_end(listing, ended))
            return
        done = rollbacks.roll_back(
            control,
            listing,
            audience,
            to,
            free_nights=free_nights,
            asked_by=who(),
            now=now(None),
        )
    desk.answer({"listing": listing, "feeds": done}, lambda: _show_rollback(listing, done))


def _show_versions(
    columns: Sequence[str], rows: Sequence[Sequence[object]], standing: Sequence[Standing]
) -> None:
    output.show_table(columns, rows)
    for each in standing:
        shown = f"{each.audience} shows what it showed at {output.when(each.moment)} UTC"
        output.show(f"{shown}, rolled back since {output.when(each.since)} UTC.", "yellow")


def _show_end(listing: str, ended: list[str]) -> None:
    output.show(f"{listing}: {', '.join(ended)} will show what is true with the next sync.")


def _show_rollback(listing: str, done: list[RolledBack]) -> None:
    for feed in done:
        output.show(f"{feed.audience} goes back to version {feed.version}, of {output.when(feed.since)} UTC.")
        stay = "become free" if feed.freed else "stay taken: --free-nights would free them"
        output.show_table(
            ("nights", "because"),
            [
                *(
                    (
                        output.nights(each.first_night, each.last_night),
                        "held again, though nothing holds them now",
                    )
                    for each in feed.held
                ),
                *(
                    (output.nights(each.first_night, each.last_night), f"taken since; they {stay}")
                    for each in feed.taken
                ),
            ],
        )
    output.show(
        f"With the next sync (`rentalsync sync --due`), until `rentalsync feeds rollback {listing} --end`."
    )


for each in (list_feeds, rotate, list_versions, rollback):
    run.add_command(each)
