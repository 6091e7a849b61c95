"""`add`."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from rentalsync_pipeline.channels.registry import recognise, titles, ways
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.apply import show_plan
from rentalsync_pipeline.cli.desk import Desk, command, who
from rentalsync_pipeline.control.written.merge import Plan
from rentalsync_pipeline.operations.configuring.apply import apply
from rentalsync_pipeline.operations.configuring.connect import Added, add


@command("add", "rentalsync add https://www.airbnb.com/calendar/ical/… --listing downtown-loft")
@click.argument("address")
@click.option("--listing", metavar="SLUG", help="The listing that it is of; a new one is made.")
@click.option("--id", "connection", metavar="ID", help="What the connection is to be called.")
def run(desk: Desk, address: str, listing: str | None, connection: str | None) -> None:
    """Add the calendar at ADDRESS: a pasted URL, a file, or ${NAME} of secrets.env.

    Its channel is recognised from the URL. The connection goes into rentalsync.yaml, the URL, which opens the
    calendar to anybody, into secrets.env, and the configuration is applied.
    """
    with desk.control() as control:
        file = control.home.config
        added = add(
            file,
            address,
            recognise=recognise,
            channels=ways(),
            env=os.environ,
            listing=listing,
            connection=connection,
        )
        plan = apply(control, file, channels=ways(), env=os.environ, who=who(), now=datetime.now(UTC))
    desk.answer({"added": added, "changes": plan.changes}, lambda: _show(added, plan))


def _show(added: Added, plan: Plan) -> None:
    secret = f"; its URL is in secrets.env as {added.variable}" if added.variable else ""
    channel = titles()[added.channel]
    output.show(f"Added {added.connection} ({channel}) of {added.listing} to rentalsync.yaml{secret}.")
    show_plan(plan)
    output.show("Next: `rentalsync sync`.")
