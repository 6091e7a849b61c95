"""`explain`."""

from __future__ import annotations

from datetime import datetime

import click

from rentalsync_pipeline.channels.registry import titles
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command
from rentalsync_pipeline.core.absence import State
from rentalsync_pipeline.operations.looking.citing import cited
from rentalsync_pipeline.operations.looking.explain import explain
from rentalsync_pipeline.operations.looking.explanation import Evidence, Explanation, Former, Holder, Source

_LINES = 40
"""Of an event, no more are shown; the JSON has all."""


@command("explain", "rentalsync explain downtown-loft 2026-12-31")
@click.argument("listing")
@click.argument("night", metavar="NIGHT", type=click.DateTime(["%Y-%m-%d"]))
def run(desk: Desk, listing: str, night: datetime) -> None:
    """Why NIGHT (the one that begins on that day) is busy or free at LISTING.

    From the stay to its bookings, the rule that brought them together, the answers that brought them, and in
    each the very event, as the channel wrote it: that is your guests' data, for your eyes. For a free night
    also what once held it, and when, by which rule and in which run it became free.
    """
    with desk.control() as control:
        found = cited(control, explain(control, listing, night.date()))
    desk.answer(found, lambda: _show(found))


def _show(found: Explanation) -> None:
    stand = "busy" if found.busy else "free"
    since = f" since {_moment(found.since)}" if found.since else ""
    output.show(f"{found.listing}, night of {found.night:%a} {found.night}: {stand}{since}.", "bold")
    for conflict in found.conflicts:
        output.show(f"It is held twice: conflict {conflict} of `rentalsync conflicts`.", "red")
    for quarantine in found.quarantines:
        output.show(f"It is not believed to be free: see `rentalsync quarantine show {quarantine}`.", "red")
    if not (found.busy or found.formerly):
        output.show("Nothing was ever known to hold it.")
    for stay in found.stays:
        _show_stay(stay, found.listing)
    for former in found.formerly:
        _show_former(former, found.listing)
    for connection in found.beyond:
        output.show(f"{connection} shows it as closed: its channel doesn't sell it yet, which holds nothing.")


def _show_stay(stay: Holder, at: str) -> None:
    who = (_taken(stay, at), f"{_title(stay.channel)}'s", stay.kind, stay.code, stay.guest_name)
    output.show()
    output.show(f"{' '.join(filter(None, who))}, {_dates(stay)}, holds it.", "bold")
    output.show(f"In every feed its UID is {stay.uid}.", indent=2)
    for source in stay.sources:
        _show_source(source)


def _show_source(source: Source) -> None:
    output.show(
        f"{source.connection} told of it first on {_moment(source.first_seen)}{_still(source)}.", indent=2
    )
    gave = ", ".join(source.fields) or "nothing"
    output.show(f"{source.kind}, {_dates(source)}: {source.why}; gave {gave}.", indent=4)
    _show_told(source.key, source.evidence)


def _still(source: Source) -> str:
    match source.state:
        case State.MISSING if source.missing_since:
            return f", and no more since {_moment(source.missing_since)}, which has yet to be confirmed"
        case State.ORPHANED:
            return "; its connection is gone, and its nights stay"
        case State.COMPLETED:
            return "; it has begun, and its channel drops such stays"
        case _:
            return ", and still does"


def _show_former(former: Former, at: str) -> None:
    who = (_taken(former, at), f"{_title(former.channel)}'s", former.kind, former.code)
    what = " ".join(filter(None, who))
    output.show()
    output.show(f"{what}, {_dates(former)}, held it until {_moment(former.held_until)}.", "bold")
    output.show(f"It ended by the rule `{former.cause}`: {former.why}.", indent=2)
    by = f"the answer of {_moment(former.evidence.asked)}" if former.evidence.asked else "the configuration"
    output.show(f"So said {by}, in run {former.evidence.run_id}.", indent=2)
    output.show(f"{former.connection} told of it first on {_moment(former.first_seen)}.", indent=2)
    _show_told(former.key, former.told)


def _show_told(key: str, told: Evidence) -> None:
    """The record, the last answer that showed it, and what exactly that said."""
    record = f"Record {output.plain(key)}"
    if told.asked is None:
        output.show(f"{record}, which no answer holds in this form.", indent=4)
        return
    output.show(f"{record}, in the answer of {_moment(told.asked)}, run {told.run_id},", indent=4)
    if told.event is None:
        gone = (
            "which holds it in no form that can be shown" if told.is_kept else "not kept any more (retention)"
        )
        output.show(f"body {told.body}, {gone}.", indent=4)
        return
    output.show(f"body {told.body}:", indent=4)
    lines = told.event.splitlines()
    for line in lines[:_LINES]:
        output.show_line(f"      {output.plain(line)}")
    if len(lines) > _LINES:
        output.show(f"… and {len(lines) - _LINES} lines more: `--json` has them.", indent=6)


def _taken(held: Holder | Former, at: str) -> str:
    """By which room or house, where it is not this listing's own."""
    return f"Taken by {held.listing}:" if held.listing != at else ""


def _title(channel: str) -> str:
    return titles().get(channel, channel)


def _moment(moment: datetime | None) -> str:
    return f"{output.when(moment)} UTC"


def _dates(held: Holder | Source | Former) -> str:
    return f"{held.check_in} to {held.check_out}"
