"""`webhooks`: having channels call when something happens."""

from __future__ import annotations

from dataclasses import asdict

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, now, who
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.configuring.webhooks import Reception, receptions, rotate, whole_address
from rentalsync_pipeline.operations.reading import find_connection


@click.group("webhooks")
def run() -> None:
    """Have channels call when something happens, instead of waiting until they are asked."""


@command("list", "rentalsync webhooks list")
def list_webhooks(desk: Desk) -> None:
    """Every connection: whether it takes webhooks, and when the last one of this day came."""
    with desk.control() as control:
        found = receptions(control)
    columns = ("connection", "channel", "webhooks", "last (UTC)")
    rows = [(each.connection, each.channel, "on" if each.is_on else "off", each.last) for each in found]
    desk.answer(found, lambda: output.show_table(columns, rows))


@command("show", "rentalsync webhooks show hotel")
@click.argument("connection", metavar="ID")
def show_webhook(desk: Desk, connection: str) -> None:
    """The address to give to the channel of connection ID, and how it proves itself there.

    Where the channel signs nothing the secret stands in the address: show it to nobody else.
    """
    with desk.control() as control:
        _answer(desk, control, connection)


@command("rotate", "rentalsync webhooks rotate hotel")
@click.argument("connection", metavar="ID")
@click.option("--at-once", is_flag=True, help="End the secret before it now: it got out.")
def rotate_secret(desk: Desk, connection: str, at_once: bool) -> None:
    """Give connection ID a new secret for webhooks, the first one too, and show the address.

    The secret before it counts on until the next rotation, so that the channel can be given the new one.
    """
    with desk.control() as control:
        rotate(control, find_connection(control.portfolio(), connection), who(), now(None), at_once=at_once)
        _answer(desk, control, connection)


def _answer(desk: Desk, control: ControlStore, connection: str) -> None:
    name = find_connection(control.portfolio(), connection)
    (found,) = [each for each in receptions(control) if each.connection == name]
    address = whole_address(control, found)
    desk.answer({**asdict(found), "address": address}, lambda: _show(found, address))


def _show(found: Reception, address: str) -> None:
    output.show_line(address)
    output.show(f"Proof: {found.proof}.")
    if found.setup:
        output.show(f"Where: {found.setup}.")
    if not found.is_on:
        output.show("Off: `rentalsync webhooks rotate` makes a secret, or write the channel's own.", "yellow")


for _each in (list_webhooks, show_webhook, rotate_secret):
    run.add_command(_each)
