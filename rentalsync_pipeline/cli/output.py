"""How answers look: tables for people, JSON for machines.

Belongs here: the one way in which values become JSON, tables of at most 100 columns, moments, colours that
end where a terminal ends. Does not: what is shown.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path

import click
from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rentalsync_pipeline.core.secret import Secret

WIDTH = 100
STYLES: Mapping[str, str] = {
    "ok": "green",
    "warn": "yellow",
    "fail": "red",
    "late": "yellow",
    "stale": "red",
    "never": "red",
    "failed": "red",
    "certain": "red",
    "possible": "yellow",
}
"""Words that have a colour wherever they stand alone in a cell."""

_UNITS = ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min"))


def say(text: str) -> None:
    """A line beside the answer, on stderr."""
    click.echo(text, err=True)


def console(*, stderr: bool = False) -> Console:
    """Where to print: plain text unless it is a terminal, and nothing of it is read as markup."""
    made = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    made.width = min(made.width, WIDTH) if made.is_terminal else WIDTH
    return made


def show(text: str = "", style: str | None = None, *, indent: int = 0) -> None:
    """A paragraph, wrapped between words."""
    _print(Padding(Text(text, style=style or ""), (0, 0, 0, indent)))


def show_line(text: str) -> None:
    """A line that is never wrapped: an address to copy."""
    click.echo(text)


def plain(text: str) -> str:
    """A stranger's text on one line of a terminal, without anything that would steer it."""
    return "".join(character if character.isprintable() else "�" for character in text)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table, where there are rows; columns of numbers stand to the right, long cells are folded."""
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        return
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        numbers = all(row[index].plain.isdecimal() for row in cells)
        table.add_column(column, justify="right" if numbers else "left", overflow="fold")
    for row in cells:
        table.add_row(*row)
    _print(table)
    click.echo()


def _print(renderable: RenderableType) -> None:
    """Print without the blanks with which rich fills lines up."""
    made = console()
    with made.capture() as captured:
        made.print(renderable)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


def print_json(value: object) -> None:
    """One document on stdout."""
    json.dump(value, sys.stdout, default=_plain, ensure_ascii=False, indent=2)
    click.echo()


def when(moment: datetime | None) -> str:
    """A moment to the minute, in UTC as all moments here."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "–"


def span(of: timedelta) -> str:
    """How long, in the largest unit that fits: `12 min`, `3 h`, `2 d`."""
    for unit, name in _UNITS:
        if of >= unit:
            return f"{of // unit} {name}"
    return "now"


def nights(first: date, last: date) -> str:
    """A range of nights, the last included."""
    return str(first) if first == last else f"{first} … {last}"


def some(count: int, thing: str) -> str:
    """`1 feed`, `3 feeds`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _cell(value: object) -> Text:
    text = "" if value is None else when(value) if isinstance(value, datetime) else str(value)
    return Text(text, style=STYLES.get(text, ""))


def _plain(value: object) -> object:
    """Our values as JSON has them."""
    if isinstance(value, Secret):
        raise TypeError("a secret is not printed")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")
