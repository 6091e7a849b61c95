"""`connections`: asking the channels for real, and finding what an account has."""

from __future__ import annotations

import click
import yaml

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, now
from rentalsync_pipeline.cli.exits import Exit
from rentalsync_pipeline.operations.configuring.discovering import discovered
from rentalsync_pipeline.operations.configuring.probing import Probe, probe
from rentalsync_pipeline.operations.reading import find_connection


@click.group("connections")
def run() -> None:
    """Ask a channel for real, or find the rooms of an account."""


@command("test", "rentalsync connections test hotel")
@click.argument("connection", metavar="[ID]", required=False)
def test_connections(desk: Desk, connection: str | None) -> Exit:
    """Ask the connection ID, or every one, and say what it found. Nothing is changed by it.

    Of a calendar its events; of an account what its credentials allow, its rooms and which of them are not
    mapped, how far its server's clock is off, and how often it may still be asked.
    """
    with desk.control() as control:
        portfolio = control.portfolio()
        names = {find_connection(portfolio, connection)} if connection else set(portfolio.asked())
        found = probe(control, names, lambda: now(None))
    desk.answer([_told(each) for each in found], lambda: show_probes(found))
    return Exit.SUCCESS if all(each.is_well for each in found) else Exit.PARTIAL


@command("discover", "rentalsync connections discover hotel")
@click.argument("connection", metavar="ID")
def discover(desk: Desk, connection: str) -> Exit:
    """Write the `listings:` of account ID: every room with its slug, new ones with a slug from their names.

    Put the lines into rentalsync.yaml, strike out what is not to be published, and `rentalsync apply` it.
    """
    with desk.control() as control:
        name = find_connection(control.portfolio(), connection)
        (found,) = probe(control, {name}, lambda: now(None))
        mapping = discovered(found, control.portfolio())
    if found.failure:
        desk.answer({"error": found.failure.message}, lambda: show_probes([found]))
        return Exit.FAILED
    desk.answer(mapping, lambda: click.echo(yaml.safe_dump(mapping, sort_keys=False, allow_unicode=True)))
    return Exit.SUCCESS


def show_probes(found: list[Probe]) -> None:
    """A paragraph each."""
    for each in found:
        output.show(f"{each.connection} ({each.host}): {_verdict(each)}", None if each.is_well else "red")
        for line in _findings(each):
            output.show(line, indent=2)


def _verdict(probe: Probe) -> str:
    if probe.failure:
        return probe.failure.message
    if probe.events is not None:
        return f"{output.some(probe.events, 'event')} in {probe.seconds:.1f} s"
    return f"{output.some(len(probe.units), 'unit')} in {probe.seconds:.1f} s"


def _findings(probe: Probe) -> list[str]:
    """What else is worth a line."""
    lines = [f"not allowed: {each.name}, for {each.serves}" for each in probe.scopes if not each.granted]
    lines += [f"not mapped: {each.id} {output.plain(each.name)}" for each in probe.unmapped]
    lines += [f"mapped, but not there: {each}" for each in probe.unknown]
    if probe.is_skewed and probe.skew is not None:
        lines.append(f"its clock is {output.span(abs(probe.skew))} off, or this machine's is")
    if probe.quota:
        lines.append(f"may still be asked {output.some(probe.quota.left, 'time')}")
    return lines


_AS_THEY_ARE = (
    "connection",
    "channel",
    "host",
    "events",
    "units",
    "unmapped",
    "unknown",
    "scopes",
    "quota",
)


def _told(probe: Probe) -> dict[str, object]:
    """For machines: with the message of a failure, and seconds for the skew."""
    return {
        **{name: getattr(probe, name) for name in _AS_THEY_ARE},
        "ok": probe.is_well,
        "message": probe.failure.message if probe.failure else "",
        "seconds": round(probe.seconds, 3),
        "skew_seconds": probe.skew.total_seconds() if probe.skew is not None else None,
    }


run.add_command(test_connections)
run.add_command(discover)
