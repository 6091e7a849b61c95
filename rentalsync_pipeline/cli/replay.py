"""`replay`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.bars import bars
from rentalsync_pipeline.cli.desk import Desk, command, moment, now
from rentalsync_pipeline.operations.progress import progress_of
from rentalsync_pipeline.operations.replaying.replay import Replay, Rules, replay

_ROWS = 20
"""Of differences; `--json` has them all."""


@command("replay", "rentalsync replay --as-of 2026-11-01T12:00:00+01:00 --rules current --to november")
@click.option("--as-of", callback=moment, metavar="MOMENT", required=True, help="The moment to look back to.")
@click.option(
    "--rules",
    type=click.Choice([rules.value for rules in Rules]),
    default=Rules.THEN.value,
    show_default=True,
    help="As published then, or as today's rules would from the answers up to then.",
)
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="An empty folder; else one of the home's.",
)
def run(desk: Desk, as_of: datetime, rules: str, folder: Path | None) -> None:
    """Make the feeds of a past MOMENT again, in a folder; what is published stays as it is.

    By the rules of then these are the files that stood there, byte by byte. What retention has forgotten
    since says `Reserved`; nights, UIDs, SEQUENCE and DTSTAMP are those of then all the same. By the current
    rules every answer up to the moment is read anew, with the configuration and the decisions of its time; it
    needs all of them, and tells where it comes to other nights than were published.
    """
    with desk.control() as control, bars():
        found = replay(control, as_of, Rules(rules), now(None), folder, progress_of("replaying"))
    desk.answer(found, lambda: _show(found))


def _show(found: Replay) -> None:
    feeds, same = len(found.feeds), sum(feed.is_identical for feed in found.feeds)
    output.show(f"As of the sync of {output.when(found.as_of)} UTC, {output.some(feeds, 'feed')} in")
    output.show_line(str(found.folder))
    output.show(
        "All are the very bytes that were published." if same == feeds else _others(found, feeds - same)
    )
    rows = [
        (
            each.listing,
            each.audience,
            output.nights(each.first_night, each.last_night),
            *_stands(busy=each.busy),
        )
        for each in found.differences
    ]
    output.show_table(("listing", "feed", "nights", "published", "replayed"), rows[:_ROWS])
    if len(rows) > _ROWS:
        output.show(f"{output.some(len(rows) - _ROWS, 'range')} of nights more: see `--json`.")


def _others(found: Replay, others: int) -> str:
    forgotten = sum(feed.forgotten > 0 for feed in found.feeds)
    said = f"{output.some(others, 'feed')} of them differ from what was published"
    if forgotten:
        said += f", {forgotten} by words about guests that retention has taken since"
    return f"{said}. {'Nights differ, too:' if found.differences else 'All nights are those of then.'}"


def _stands(*, busy: bool) -> tuple[str, str]:
    return ("busy", "free") if busy else ("free", "busy")
