"""Which clients there are, and the table that says what each reads.

`python -m rentalsync_pipeline_tests.calendars.matrix` writes the table into its page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pytest_httpserver import HTTPServer

from rentalsync_pipeline_tests.calendars import parsers, subscribers, thunderbird
from rentalsync_pipeline_tests.calendars.kinds import KINDS, FeedKind
from rentalsync_pipeline_tests.calendars.subscribers import Feeds, Shown

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "clients.md"

Reader = Callable[[Feeds, HTTPServer, Path], Shown]


class Client(NamedTuple):
    """A program that reads feeds; `missing` says why it can't be asked here."""

    name: str
    stands_for: str
    read: Reader
    missing: Callable[[], str | None] = lambda: None
    tells_uids: bool = True


def _once(parse: Callable[[bytes], list[list[str]]]) -> Reader:
    """A parser reads what the last fetch brought."""
    return lambda feeds, server, folder: {
        name: sorted(parse(versions[-1])) for name, versions in feeds.items()
    }


def _by_program(program: str, script: str) -> Reader:
    return lambda feeds, server, folder: _once(partial(parsers.by_program, program, script, folder=folder))(
        feeds, server, folder
    )


CLIENTS = (
    Client("icalendar", "Python programs, Rental Control", _once(parsers.by_icalendar)),
    Client("ical", "Home Assistant", _once(parsers.by_ical)),
    Client("vobject", "Radicale", _once(parsers.by_vobject)),
    Client("ical.js", "Nextcloud, Thunderbird", _by_program("node", "ical_js.mjs"), parsers.without_node),
    Client(
        "node-ical", "MagicMirror, Node programs", _by_program("node", "node_ical.mjs"), parsers.without_node
    ),
    Client(
        "libical",
        "with its check of RFC 5546",
        _by_program(parsers.SYSTEM_PYTHON, "libical.py"),
        partial(parsers.without_gi, "ICalGLib-3.0"),
    ),
    Client(
        "vdirsyncer",
        "with khal: the command line",
        subscribers.by_vdirsyncer,
        subscribers.without_vdirsyncer,
        tells_uids=False,
    ),
    Client(
        "Evolution",
        "GNOME Calendar",
        subscribers.by_evolution,
        partial(parsers.without_gi, "ECal-2.0", "EDataServer-1.2"),
    ),
    Client("Thunderbird", "a real subscription", thunderbird.by_thunderbird, thunderbird.without_thunderbird),
)


def table() -> str:
    """A row a client, a column a kind of feed, as `test_matrix` tries them."""
    names = [kind.name for kind in KINDS]
    rows = [["client", *names], ["---"] + [":-:"] * len(names), *_rows()]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _rows() -> Iterator[list[str]]:
    for client in CLIENTS:
        mark = "yes" if client.tells_uids else "but UID"
        yield [f"{client.name} ({client.stands_for})", *[mark] * len(KINDS)]
    yield ["Rental Control (door codes)", *map(_by_rental_control, KINDS)]


def _by_rental_control(kind: FeedKind) -> str:
    if not kind.occupations:
        return "–"
    return "hidden" if kind.is_public else "guests"


def written(page: str) -> str:
    """The page with the table as it is now."""
    return re.sub(r"(?m)^\| client \|(?:.*\n\|)*.*\n", lambda _: table(), page, count=1)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
