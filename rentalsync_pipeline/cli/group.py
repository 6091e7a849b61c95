"""How commands are found, and how they end.

Belongs here: loading a command when it is asked for (Dagster alone takes seconds to import, and most commands
do without), and ending with the right exit code (`exits`). Does not: what is an error of whom (`errors`), any
command.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NoReturn

import click

from rentalsync_pipeline.cli.exits import Exit


class Commands(click.Group):
    """Commands by name, each in the module of that name as `run`."""

    def __init__(self, *args: Any, commands_and_lines: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lines = commands_and_lines

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(self._lines)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in self._lines:
            return None
        command: click.Command = import_module(f"rentalsync_pipeline.cli.{cmd_name}").run
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table itself, so that `--help` imports nothing."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._lines.items()))

    def main(self, args: Any = None, *rest: Any, **kwargs: Any) -> NoReturn:
        """Run, and end the process with the code that the command returns or its error stands for."""
        words = sys.argv[1:] if args is None else list(args)
        try:
            code = super().main(words, *rest, **{**kwargs, "standalone_mode": False})
        except click.UsageError as error:
            error.show()
            sys.exit(_failed(error.format_message(), Exit.USAGE, words))
        except click.Abort:
            sys.exit(_failed("interrupted", Exit.FAILED, words))
        except Exception as error:
            known = import_module("rentalsync_pipeline.cli.errors").exit_of(error)
            if known is None:
                raise
            click.echo(f"error: {error}", err=True)
            sys.exit(_failed(str(error), known, words))
        sys.exit(code or Exit.SUCCESS)


class OrList(click.Group):
    """A group that lists where nothing else is asked for: options behind its name are those of `list`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name in that was left out."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["list", *args]
        return super().parse_args(ctx, args)


def _failed(message: str, code: Exit, words: list[str]) -> Exit:
    """Who asked for JSON gets one document, also of a failure."""
    if "--json" in words:
        click.echo(json.dumps({"error": message}, ensure_ascii=False))
    return code
