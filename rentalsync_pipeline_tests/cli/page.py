"""The reference of the commands, made of what they say themselves; as a program it writes the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from rentalsync_pipeline.cli import cli

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "commands.md"
_HEAD = """\
# Commands

What `--help` says, command by command. `python -m rentalsync_pipeline` is the same as `rentalsync`.

Every command takes `--home` and `--json`, and names the home it used on stderr. With `--json` there is one
document on stdout, also of an error (`{"error": "…"}`); progress and messages go to stderr. Moments are UTC,
in JSON with their offset; a moment that you give must have one, too.

| exit code | means |
|---|---|
| 0 | all is well |
| 2 | in part: a connection failed or is quarantined, the others are done |
| 1 | failed |
| 64 | wrong usage or configuration |
"""


def every_command() -> Iterator[tuple[str, click.Command]]:
    """All commands by what one types after `rentalsync`."""
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{name} {sub}", each) for sub, each in command.commands.items())
        else:
            yield name, command


def page() -> str:
    """The page."""
    names = ["", *(name for name, _ in every_command())]
    return _HEAD + "".join(f"\n## {_title(name)}\n\n```text\n{_help(name)}```\n" for name in names)


def _title(name: str) -> str:
    return f"rentalsync {name}".strip()


def _help(name: str) -> str:
    result = CliRunner().invoke(cli, [*name.split(), "--help"], prog_name="rentalsync", terminal_width=100)
    text: str = result.stdout
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
