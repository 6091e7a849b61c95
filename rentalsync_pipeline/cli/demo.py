"""`demo`: the example portfolio, played on the morning that it was made for."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from datetime import datetime
from pathlib import Path

import click

import rentalsync_pipeline
from rentalsync_pipeline.automation.running import Ran
from rentalsync_pipeline.channels.registry import ways
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, feeds_option, who
from rentalsync_pipeline.cli.exits import Exit
from rentalsync_pipeline.cli.syncing import exit_of, show_ran, sync_now
from rentalsync_pipeline.cli.world import play
from rentalsync_pipeline.control.home import CONFIG_NAME, Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.configuring.apply import apply
from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline.operations.looking.conflicts import conflicts
from rentalsync_pipeline.operations.looking.listings import listings
from rentalsync_pipeline.operations.stores import Scope

CLONE = Path(rentalsync_pipeline.__file__).parents[1]
MORNING = datetime.fromisoformat("2026-11-20T08:00:00+01:00")
BROKEN = "machiya-airbnb"
"""The connection of the example that is meant to fail."""
_WAIT = 120


@command("demo", "rentalsync demo")
@feeds_option
@click.option("--world", is_flag=True, help="Live for days among channels that sell, import and cancel.")
def run(desk: Desk, feeds: str | None, world: bool) -> Exit:
    """Play the example portfolio of a clone of the repository: five homes, no network.

    Its home is examples/.rentalsync, its feeds go to feeds/. On purpose one connection is broken, and two
    nights are sold twice. Played again, it changes nothing.

    With --world, nine homes live on six channels, played by servers on loopback, for five days of theirs and
    a few minutes of ours; at the end stands what was published wrongly. Home: examples/.rentalsync/world.
    """
    if world:
        return play(desk, CLONE, feeds)
    home = _home(desk)
    where = feeds or str(CLONE / "feeds")
    control = ControlStore.open(home)
    try:
        moment = max(MORNING, control.last_sync() or MORNING)
        apply(control, home.config, channels=ways(), env=os.environ, who=who(), now=moment)
        ran = sync_now(home, where, Scope(), moment, _WAIT)
        found = conflicts(control, moment)
        owner = listings(control, where)[0].feeds[0].name
    finally:
        control.close()
    desk.answer({"run": ran, "conflicts": found}, lambda: show_ran(ran, found))
    if ran.success and not desk.as_json:
        _show_more(ran, home, where, owner)
    is_as_meant = ran.success and {row["connection"] for row in ran.outcome.troubled} <= {BROKEN}
    return Exit.SUCCESS if is_as_meant else exit_of(ran)


def _home(desk: Desk) -> Home:
    """The home beside the example's configuration, made where it is missing."""
    folder = Path(desk.named).parent if desk.named else CLONE / "examples"
    if not (folder / CONFIG_NAME).is_file():
        raise click.UsageError(f"there is no example in {folder}: the demo needs a clone of the repository")
    return desk.name(init(folder).home)


def _show_more(ran: Ran, home: Home, feeds: str, owner: str) -> None:
    """What was meant, and where to look next."""
    output.show(f"\n{BROKEN} is broken on purpose: the other eleven connections are published all the same.")
    if not (ran.outcome.feeds_written or ran.outcome.changes):
        output.show("This sync changed nothing: it has been played before.")
    here = shlex.quote(_short(home.path))
    output.show("\nLook next:", "bold")
    for what, line in (
        ("Dagster's pages", f"{_program()} up --home {here} --feeds {shlex.quote(_short(Path(feeds)))}"),
        ("a feed", f"cat {shlex.quote(_short(Path(feeds) / owner))}"),
        ("why a night is busy", f"{_program()} explain --home {here} downtown-loft 2026-12-31"),
        ("all addresses", f"{_program()} listings --home {here}"),
    ):
        output.show_line(f"  {what}:\n    {line}")


def _program() -> str:
    """How this very program is called from here."""
    script = Path(sys.executable).with_name("rentalsync")
    return "rentalsync" if shutil.which("rentalsync") or not script.exists() else shlex.quote(_short(script))


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
