"""Templates to text: the environment of Jinja2, and how moments and durations are written for people.

Belongs here: filters. Does not: what a page shows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from rentalsync_pipeline.bridge.pages import static
from rentalsync_pipeline.bridge.pages.navigation import PLACES
from rentalsync_pipeline.bridge.pages.nights import mark
from rentalsync_pipeline.channels.registry import titles

_CODE = re.compile("`([^`]+)`")
_TEMPLATES = Path(__file__).parent / "templates"
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_ENOUGH = 2
"""How many of a unit there must be before it is used: 90 min say more than 1 h."""


def rendered(template: str, values: Mapping[str, object]) -> str:
    """The text of a page; every value is escaped unless a template says otherwise."""
    return _environment().get_template(template).render(values)


def span(duration: timedelta) -> str:
    """A duration in its largest fitting unit: `45 s`, `12 min`, `5 h`, `3 d`."""
    seconds = int(abs(duration).total_seconds())
    unit, size = next((unit, size) for unit, size in _UNITS if seconds >= _ENOUGH * size or size == 1)
    return f"{seconds // size} {unit}"


def ago(then: datetime, now: datetime) -> str:
    """How long ago that was, or in how long it will be."""
    if abs(now - then) < timedelta(seconds=5):
        return "just now"
    return f"{span(now - then)} ago" if then <= now else f"in {span(then - now)}"


def when(moment: datetime) -> str:
    """A moment as everybody reads it the same."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def sentence(text: str) -> Markup:
    """Our own words as a sentence: they come without capital and stop, so that others can go on."""
    whole = f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(whole))))  # noqa: S704 it is escaped


def nights(first: date, last: date) -> str:
    """The nights from the first to the last: `Sun 29 Nov – Wed 2 Dec 2026`."""
    end = f"{last:%a} {last.day} {last:%b %Y}"
    if first == last:
        return end
    year = f" {first:%Y}" if first.year != last.year else ""
    return f"{first:%a} {first.day} {first:%b}{year} – {end}"


def some(number: int, thing: str) -> str:
    """`1 night`, `2 nights`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(span=span, ago=ago, when=when, nights=nights, some=some, sentence=sentence)
    made.filters["mark"] = mark
    made.filters["channel"] = lambda name: titles().get(name, name)
    made.globals.update(places=PLACES, version_of=static.version_of)
    return made
