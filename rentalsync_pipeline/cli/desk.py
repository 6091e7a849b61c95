"""What every command is handed, and the options that all of them have.

Belongs here: finding and naming the home, `--home`, `--json`, the example in the help, shared options.
Does not: any command.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.exits import Exit
from rentalsync_pipeline.control.home import Home, find_home
from rentalsync_pipeline.control.store import ControlStore

Body = Callable[..., Exit | None]


@dataclass(frozen=True, slots=True)
class Desk:
    """One call of a command: the home that was named, and who reads the answer."""

    named: str | None
    as_json: bool

    def home(self) -> Home:
        """The home to work in, named on stderr."""
        return self.name(find_home(self.named))

    def name(self, home: Home) -> Home:
        """Say which home it is that the answer speaks of."""
        output.say(f"home {home.path}")
        return home

    @contextmanager
    def control(self) -> Iterator[ControlStore]:
        """The control store of the home."""
        store = ControlStore.open(self.home())
        try:
            yield store
        finally:
            store.close()

    def answer(self, value: object, show: Callable[[], None]) -> None:
        """The one answer of a command: JSON for a machine, else whatever `show` prints."""
        if self.as_json:
            output.print_json(value)
        else:
            show()


def command(name: str, example: str) -> Callable[[Body], click.Command]:
    """A command that is handed a `Desk`; its help ends with the example."""

    def decorate(body: Body) -> click.Command:
        @click.command(name, epilog=f"\b\nExample:\n  {example}")
        @click.option("--home", metavar="DIR", help="The home of the portfolio.")
        @click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
        @wraps(body)
        def run(home: str | None, as_json: bool, **options: Any) -> Exit | None:
            named = home or click.get_current_context().find_root().params.get("home")
            return body(Desk(named, as_json), **options)

        return run

    return decorate


def moment(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    """A moment as people write it, with its offset from UTC: without one it would mean another elsewhere."""
    if value is None:
        return None
    try:
        given = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no moment; write 2026-11-20T08:00:00+01:00") from None
    if given.tzinfo is None:
        raise click.BadParameter(f"it has no offset from UTC; write {given.isoformat()}+01:00, or …Z")
    return given.astimezone(UTC)


def as_of_option(help_text: str) -> Callable[[Body], Body]:
    """`--as-of`, a moment that stands in for now."""
    return click.option("--as-of", callback=moment, metavar="MOMENT", help=help_text)


feeds_option = click.option(
    "--feeds", metavar="URL", help="Where feeds are written: a folder, or a bucket's URL."
)


def who() -> str:
    """The user of this machine who gives the command, as requests and the audit log show it."""
    number = os.geteuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:  # A container may run as a user that its files know nothing of.
        name = f"user {number}"
    return f"{name} (command line)"


def now(as_of: datetime | None) -> datetime:
    """The moment asked for, else the present one."""
    return as_of or datetime.now(UTC)
