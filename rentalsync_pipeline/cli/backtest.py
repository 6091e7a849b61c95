"""`backtest`."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

import click

from rentalsync_pipeline.calendars.zones import named_zone
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.bars import bars
from rentalsync_pipeline.cli.desk import Desk, command
from rentalsync_pipeline.operations.progress import progress_of
from rentalsync_pipeline.operations.trying.answers import Feed
from rentalsync_pipeline.operations.trying.archive import read_archive
from rentalsync_pipeline.operations.trying.backtest import Outcome, backtest
from rentalsync_pipeline.operations.trying.history_files import read_history
from rentalsync_pipeline.operations.trying.policies import DEFAULT, read_policy

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_COLUMNS = ("channel", "policy", "answers", "false-free", "false-block", "alerts", "freed", "median", "worst")


def _zone(_ctx: click.Context, _param: click.Parameter, value: str) -> ZoneInfo:
    zone = named_zone(value)
    if zone is None:
        raise click.BadParameter(f"{value!r} is no time zone; write Europe/Rome")
    return zone


@command("backtest", "rentalsync backtest --archive --policy patient.yaml --trace published.csv")
@click.argument("history", metavar="[DIR]", required=False, type=_FOLDER)
@click.option("--archive", is_flag=True, help="Try them on the home's own history instead.")
@click.option(
    "--policy", "files", multiple=True, metavar="FILE", type=_FILE, help="Compare this one; repeatable."
)
@click.option(
    "--trace", metavar="FILE", type=click.File("w", "utf-8"), help="Write what the last policy publishes."
)
@click.option(
    "--timezone",
    default="Europe/Rome",
    show_default=True,
    callback=_zone,
    metavar="ZONE",
    help="Of the listings of DIR.",
)
def run(
    desk: Desk,
    history: Path | None,
    archive: bool,
    files: tuple[Path, ...],
    trace: TextIO | None,
    timezone: ZoneInfo,
) -> None:
    """How the default and other policies would have done on the history of calendars in DIR.

    A policy is a small YAML file: misses, minutes, quarantine_hours. A history is fetches.csv.gz (feed,
    fetched_at, state, content_seq) and contents.jsonl.gz (feed, content_seq, state, events with start, end,
    summary and uid). The trace is CSV: feed, fetched_at, and the taken nights, those behind a booking window
    too, as 2026-05-01/2026-05-04;…, the day of departure excluded.

    False-free and false-block are night-hours published wrongly, of the next 180 nights, where a night that
    was back within 6 hours was never free. Delays run from a night's true loss until it is published.
    """
    if archive == (history is not None):
        raise click.UsageError("name the folder of a history, or say --archive")
    policies = [DEFAULT, *map(read_policy, files)]
    feeds = read_history(history, timezone) if history else _archive(desk)
    with bars():
        found = backtest(feeds, policies, trace, progress_of("feeds"))
    desk.answer(found, lambda: output.show_table(_COLUMNS, map(_row, found)))


def _archive(desk: Desk) -> list[Feed]:
    with desk.control() as control:
        return read_archive(control)


def _row(of: Outcome) -> tuple[object, ...]:
    mistakes = f"{of.false_free:,.1f}", f"{of.false_block:,.1f}"
    delays = f"{of.median_delay_minutes} min", f"{of.worst_delay_minutes} min"
    return of.channel, of.policy, of.answers, *mistakes, of.alerts, of.freed, *delays
