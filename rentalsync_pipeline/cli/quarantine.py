"""`quarantine`: answers that are not believed where they take nights away."""

from __future__ import annotations

from datetime import datetime

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, as_of_option, command, now, who
from rentalsync_pipeline.core.plausibility import Decision
from rentalsync_pipeline.operations.deciding import quarantines
from rentalsync_pipeline.operations.deciding.quarantines import Change, Held, Shown

why_option = click.option(
    "--why", default="", metavar="TEXT", help="The reason, for others to read beside the decision."
)


@click.group("quarantine")
def run() -> None:
    """Answers that are not believed: what they add counts, what they take waits."""


@command("list", "rentalsync quarantine list --all")
@click.option("--all", "resolved", is_flag=True, help="Also those that have ended.")
def list_held(desk: Desk, resolved: bool) -> None:
    """Which connections answer in a way that is not believed, since when, and why.

    Each ends by itself: when the bookings return, or when the same has been lost for the time of the
    connection's policy (a day, if nothing else is configured).
    """
    with desk.control() as control:
        found = quarantines.quarantines(control, resolved=resolved)
    desk.answer(found, lambda: _show_all(found))


@command("show", "rentalsync quarantine show 3")
@click.argument("quarantine", metavar="ID", type=int)
@as_of_option("Count nights from this moment on instead of now.")
def show(desk: Desk, quarantine: int, as_of: datetime | None) -> None:
    """What would change, night by night, if quarantine ID were released."""
    with desk.control() as control:
        found = quarantines.show(control, quarantine, now(as_of))
    desk.answer(found, lambda: _show(found))


@command("release", "rentalsync quarantine release 3 --why 'the host closed two rooms'")
@click.argument("quarantine", metavar="ID", type=int)
@why_option
def release(desk: Desk, quarantine: int, why: str) -> None:
    """Believe the answer: the next sync lets go of what it has lost. See `show` first."""
    _decide(desk, quarantine, Decision.RELEASE, why, "Its nights go")


@command("reject", "rentalsync quarantine reject 3")
@click.argument("quarantine", metavar="ID", type=int)
@why_option
def reject(desk: Desk, quarantine: int, why: str) -> None:
    """Never believe it: only a better answer ends the quarantine, however long that takes."""
    _decide(desk, quarantine, Decision.REJECT, why, "It is set down")


def _decide(desk: Desk, quarantine: int, decision: Decision, why: str, what: str) -> None:
    with desk.control() as control:
        held = quarantines.standing(control, quarantine)
        quarantines.decide(control, held, decision, who(), now(None), why)
    document = {"quarantine": held.id, "connection": held.connection, "decision": decision}
    desk.answer(document, lambda: output.show(f"{what} with the next sync (`rentalsync sync --due`)."))


def _show_all(found: list[Held]) -> None:
    if not found:
        output.show("Nothing is in quarantine.", "green")
    for each in found:
        output.show(_line(each), None if each.resolved else "red")


def _line(held: Held) -> str:
    until = f"to {output.when(held.resolved)} UTC, {held.ending}" if held.resolved else _stand(held)
    since, why = output.when(held.since), "; ".join(held.doubts)
    where = (
        f"{held.connection}, its listing {held.upstream_listing}"
        if held.upstream_listing
        else held.connection
    )
    return f"{held.id}. {where}, since {since} UTC, {until}: {why}."


def _stand(held: Held) -> str:
    return f"{held.decision} asked for" if held.decision else f"{output.some(len(held.lost), 'booking')} lost"


def _show(found: Shown) -> None:
    output.show(_line(found.quarantine))
    lost = found.quarantine.lost
    output.show_table(
        ("lost", "code", "listing", "from", "to"),
        [(each.kind, each.code or "–", each.listing, each.check_in, each.check_out) for each in lost],
    )
    if found.changes is None:
        output.show("Its body is not kept any more: what would change can't be told.")
    elif not found.changes:
        output.show("No night would change.")
    else:
        rows = [
            (each.listing, output.nights(each.first_night, each.last_night), _becomes(each))
            for each in found.changes
        ]
        output.show_table(("listing", "nights", "on release"), rows)


def _becomes(change: Change) -> str:
    return f"also shown by {', '.join(change.others)}" if change.others else "free"


for each in (list_held, show, release, reject):
    run.add_command(each)
