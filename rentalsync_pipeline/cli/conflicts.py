"""`conflicts`: the ledger, and settling one."""

from __future__ import annotations

from datetime import datetime

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, as_of_option, command, now, who
from rentalsync_pipeline.cli.group import OrList
from rentalsync_pipeline.core.conflicts import Certainty, Verdict
from rentalsync_pipeline.operations.looking.conflicts import Conflict, conflicts, to_confirm
from rentalsync_pipeline.operations.syncing.settle import reopen, resolve


@click.group("conflicts", cls=OrList)
def run() -> None:
    """Double bookings: `rentalsync conflicts` lists them, `resolve` settles one."""


@command("list", "rentalsync conflicts list --all")
@click.option("--all", "resolved", is_flag=True, help="Also those that are resolved or have passed.")
@as_of_option("Count the days to arrival from this moment instead of now.")
def list_conflicts(desk: Desk, resolved: bool, as_of: datetime | None) -> None:
    """Double bookings: nights that two distinct stays hold, certain ones and possible ones.

    Both stays remain in the feeds. Settle it at the channels: the conflict ends when they agree. Or say what
    it is, with `rentalsync conflicts resolve`. Last come pairs of a channel that has just been connected:
    they count as one stay until you say otherwise.
    """
    with desk.control() as control:
        found = [
            *conflicts(control, now(as_of), resolved=resolved),
            *to_confirm(control, now(as_of), resolved=resolved),
        ]
    desk.answer(found, lambda: show_conflicts(found))


@command("resolve", "rentalsync conflicts resolve 7 --echo")
@click.argument("conflict", metavar="ID", type=int)
@click.option(
    "--echo", "verdict", flag_value=Verdict.ECHO, type=Verdict, help="One is only a copy of the other."
)
@click.option(
    "--real", "verdict", flag_value=Verdict.REAL, type=Verdict, help="Both are real, and it is dealt with."
)
def settle_conflict(desk: Desk, conflict: int, verdict: Verdict | None) -> None:
    """Say what conflict ID is: the next sync carries it out, and it never comes back by itself.

    An echo is in no feed; it holds no nights. Two real bookings both stay in the feeds.
    """
    if verdict is None:
        raise click.UsageError("say which it is: --echo or --real")
    with desk.control() as control:
        resolve(control, conflict, verdict, who(), now(None))
    desk.answer(
        {"conflict": conflict, "verdict": verdict, "next": "rentalsync sync"},
        lambda: output.show(f"Conflict {conflict} is settled with the next sync (`rentalsync sync`)."),
    )


@command("reopen", "rentalsync conflicts reopen 7")
@click.argument("conflict", metavar="ID", type=int)
def reopen_conflict(desk: Desk, conflict: int) -> None:
    """Take back what was said of conflict ID: after the next sync it stands as if nobody had."""
    with desk.control() as control:
        reopen(control, conflict, who(), now(None))
    desk.answer(
        {"conflict": conflict, "verdict": None, "next": "rentalsync sync"},
        lambda: output.show(f"Conflict {conflict} is open again with the next sync (`rentalsync sync`)."),
    )


def show_conflicts(found: list[Conflict]) -> None:
    """A paragraph each, or that there is none."""
    if not found:
        output.show("No double bookings.", "green")
    for each in found:
        is_calm = each.resolved or each.certainty is Certainty.TO_CONFIRM
        output.show(f"{each.id}. {each.words} {_stand(each)}.", None if is_calm else "red")


def _stand(conflict: Conflict) -> str:
    if conflict.resolved:
        return f"Resolved {output.when(conflict.resolved)} UTC: {conflict.resolution}"
    if conflict.days_to_arrival < 0:
        return "The nights have begun"
    return f"{output.some(conflict.days_to_arrival, 'day')} to go"


run.add_command(list_conflicts)
run.add_command(settle_conflict)
run.add_command(reopen_conflict)
