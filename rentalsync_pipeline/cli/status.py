"""`status`."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from rentalsync_pipeline.channels.registry import titles
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, as_of_option, command, now
from rentalsync_pipeline.cli.exits import Exit
from rentalsync_pipeline.operations.health import Level
from rentalsync_pipeline.operations.looking.exposure import Exposure
from rentalsync_pipeline.operations.watching.status import Status, status

_EXITS = {Level.OK: Exit.SUCCESS, Level.WARN: Exit.PARTIAL, Level.FAIL: Exit.FAILED}


@command("status", "rentalsync status --check --json")
@click.option(
    "--check",
    is_flag=True,
    help="Tell by the exit code, for a monitor: 0 all is well, 2 look, 1 stale or failed.",
)
@as_of_option("Count from this moment instead of now.")
def run(desk: Desk, check: bool, as_of: datetime | None) -> Exit:
    """How it stands: each connection's last good answer, what is wrong with it and what to do.

    An answer is late after two intervals and stale after four. With --check, one stale connection makes 1.
    """
    moment = now(as_of)
    with desk.control() as control:
        found = status(control, moment)
    desk.answer(found, lambda: _show(found, moment))
    return _EXITS[found.level] if check else Exit.SUCCESS


def _show(found: Status, moment: datetime) -> None:
    def ago(then: datetime | None) -> str:
        return output.span(moment - then) if then else "–"

    output.show_table(
        ("connection", "listing", "fresh", "answered, ago", "changed, ago", "due in", "failures"),
        [
            (
                each.connection,
                ", ".join(each.listings),
                each.freshness,
                ago(each.last_ok),
                ago(each.last_change),
                output.span(each.next_due - moment) if each.next_due else "–",
                each.failures,
            )
            for each in found.connections
        ],
    )
    for each in found.connections:
        if each.message:
            output.show(f"{each.connection}: {each.message}.", "red")
    for line in _lines(found):
        output.show(line)


def _lines(found: Status) -> list[str]:
    """What a host should know beside the connections, as far as there is any of it."""
    synced = f"Last sync {output.when(found.last_sync)} UTC" if found.last_sync else "There was no sync yet"
    lines = [
        f"{synced}{'; one is running' if found.is_syncing else ''}. {output.some(found.listings, 'listing')}."
    ]
    if found.certain_conflicts or found.possible_conflicts:
        lines.append(
            f"Double bookings: {found.certain_conflicts} certain, {found.possible_conflicts} possible; "
            "see `rentalsync conflicts`."
        )
    lines += [
        f"{each.connection} tells of room {each.upstream_listing}, which is mapped to no listing "
        f"({output.some(each.bookings, 'booking')}): add it to the connection's `listings:`."
        for each in found.unmapped
    ]
    lines += [
        f"{each.listing}: {output.some(each.nights, 'future night')} of {each.connection}, which is gone, "
        "stay busy until another connection shows them."
        for each in found.orphaned
    ]
    lines += [each.words for each in found.shut]
    lines += [
        f"{each.listing}: the feed {each.audience} is rolled back to {output.when(each.moment)} UTC, until "
        f"`rentalsync feeds rollback {each.listing} --end`."
        for each in found.rolled_back
    ]
    lines += map(_exposure, found.exposures)
    return lines


def _exposure(found: Exposure) -> str:
    who = titles().get(found.channel, found.channel)
    median, most = (output.span(timedelta(seconds=each)) for each in (found.median, found.nine_of_ten))
    seen = output.some(found.imports, "import")
    return (
        f"{who} imports what we publish within {median}, nine times of ten within {most} ({seen} seen): "
        "for so long it may sell a taken night."
    )
