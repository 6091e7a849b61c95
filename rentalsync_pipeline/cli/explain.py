"""`explain`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import click

from rentalsync_pipeline.channels.registry import titles
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command
from rentalsync_pipeline.operations.explain import explain
from rentalsync_pipeline.operations.explanation import Evidence, Explanation, Former, Holder, Source


@command("explain", "rentalsync explain downtown-loft 2026-12-31")
@click.argument("listing")
@click.argument("night", metavar="NIGHT", type=click.DateTime(["%Y-%m-%d"]))
def run(desk: Desk, listing: str, night: datetime) -> None:
    """Why NIGHT (the one that begins on that day) is busy or free at LISTING.

    From the stay to its bookings, the rule that brought them together, and the answers that brought them; for
    a free night, also what once held it and why it does no longer.
    """
    with desk.control() as control:
        found = explain(control, listing, night.date())
    desk.answer(found, lambda: _show(found))


def _show(found: Explanation) -> None:
    stand = "busy" if found.busy else "free"
    since = f" since {output.when(found.since)} UTC" if found.since else ""
    output.show(f"{found.listing}, night of {found.night}: {stand}{since}.", "bold")
    for conflict in found.conflicts:
        output.show(f"It is held twice: conflict {conflict} of `rentalsync conflicts`.", "red")
    for quarantine in found.quarantines:
        output.show(f"It is not believed to be free: see `rentalsync quarantine show {quarantine}`.", "red")
    if not (found.busy or found.formerly):
        output.show("Nothing was ever known to hold it.")
    for stay in found.stays:
        _print(_stay(stay))
    for former in found.formerly:
        _print(_former(former))
    for connection in found.beyond:
        output.show(f"{connection} shows it as closed: its channel doesn't sell it yet, which holds nothing.")


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        output.show_line(line)


def _stay(stay: Holder) -> Iterator[str]:
    what = " ".join(filter(None, (_title(stay.channel), stay.kind, stay.code, stay.guest_name)))
    yield f"\n{what}, {_dates(stay.check_in, stay.check_out)}"
    yield f"  first seen {output.when(stay.first_seen)} UTC; UID {stay.uid} in every feed"
    for source in stay.sources:
        yield from _source(source)


def _source(source: Source) -> Iterator[str]:
    yield f"  {source.connection}: {source.kind}, {source.state}, {_dates(source.check_in, source.check_out)}"
    yield f"    {source.why}; gave {', '.join(source.fields) or 'nothing'}"
    yield f"    first seen {output.when(source.first_seen)} UTC; UID {source.uid or 'none'}"
    yield from _evidence(source.evidence)


def _former(former: Former) -> Iterator[str]:
    what = " ".join(filter(None, (_title(former.channel), former.kind, former.code)))
    yield f"\nUntil {output.when(former.held_until)} UTC: {what}, {_dates(former.check_in, former.check_out)}"
    yield f"  {former.connection}: {former.why}"
    yield f"    first seen {output.when(former.first_seen)} UTC; UID {former.uid or 'none'}"
    yield from _evidence(former.evidence)


def _evidence(evidence: Evidence) -> Iterator[str]:
    asked = f"asked {output.when(evidence.asked)} UTC in" if evidence.asked else "by the configuration, in"
    yield f"    {asked} run {evidence.run_id}"
    if evidence.body:
        yield f"    body {evidence.body}"


def _title(channel: str) -> str:
    return titles().get(channel, channel)


def _dates(check_in: date, check_out: date) -> str:
    return f"{check_in} to {check_out}"
