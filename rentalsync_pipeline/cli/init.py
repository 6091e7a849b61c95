"""`init`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command
from rentalsync_pipeline.control.home import HOME_NAME
from rentalsync_pipeline.operations.configuring.setup import Setup, init


@command("init", "rentalsync init ~/rentals")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
def run(desk: Desk, folder: Path | None) -> None:
    """Make a portfolio in FOLDER, by default here: rentalsync.yaml, secrets.env, keys and home.

    What is there already stays as it is, so it can be run again at any time.
    """
    folder = folder or _beside(desk.named or os.environ.get("RENTALSYNC_HOME"))
    folder.mkdir(parents=True, exist_ok=True)
    setup = init(folder)
    desk.name(setup.home)
    desk.answer({"home": setup.home.path, "made": setup.made}, lambda: _show(setup))


def _beside(home: str | None) -> Path:
    """The folder that a home belongs to; where none is named, this one."""
    path = Path(home or HOME_NAME).expanduser()
    if path.name != HOME_NAME:
        raise click.UsageError(f"a home is made as {HOME_NAME}/ in a folder: `rentalsync init FOLDER`")
    return path.parent


def _show(setup: Setup) -> None:
    for path in setup.made:
        output.show_line(f"made {path}")
    if not setup.made:
        output.show("Everything was there.")
    output.show(
        "Next: `rentalsync add https://… --listing SLUG`, "
        f"or edit {setup.home.config.name} and `rentalsync apply`."
    )
