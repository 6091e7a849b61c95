"""`options`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from rentalsync_pipeline.channels.registry import recognise
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command
from rentalsync_pipeline.operations.configuring.options import read, told, write
from rentalsync_pipeline.operations.configuring.setup import init


@command("options", "rentalsync options /data/options.json")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def run(desk: Desk, file: Path) -> None:
    """Make this folder a portfolio of the options in FILE, as a Home Assistant add-on has them.

    Whenever the add-on starts, its options become rentalsync.yaml, secrets.env and addon.env; keys and home
    are made the first time. `apply` then makes them count.
    """
    options = read(file.read_text(encoding="utf-8"))
    home = desk.name(init(Path.cwd()).home)
    portfolio = told(options, recognise, os.environ.get("TZ") or "UTC")
    write(home, portfolio)
    count = len(portfolio.document["connections"])
    desk.answer(
        {"home": home.path, "connections": count},
        lambda: output.show(f"The options name {output.some(count, 'connection')}."),
    )
