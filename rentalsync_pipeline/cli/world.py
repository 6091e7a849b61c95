"""`demo --world`: days in the life of nine homes on six channels, and what is published beside what is true.

Belongs here: starting the world of a clone's tests in a process of its own, and a sync for each of its
mornings and noons. Does not: the world itself, which knows the truth, and compares.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

import click

from rentalsync_pipeline.channels.registry import channels
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, who
from rentalsync_pipeline.cli.exits import Exit
from rentalsync_pipeline.cli.syncing import sync_now
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.configuring.apply import apply
from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline.operations.looking.conflicts import Conflict, conflicts
from rentalsync_pipeline.operations.stores import Scope

DAYS = 5
DAY = ((30, 12), (240, 0))
"""Minutes that pass before each sync of a day, and how much happens in them; the night follows."""
NIGHT = 24 * 60 - sum(minutes for minutes, _ in DAY)
_WAIT = 120

Row = dict[str, Any]
Ask = Callable[..., Row]


def play(desk: Desk, clone: Path, feeds: str | None) -> Exit:
    """Live through the days, sync by sync, and tell what differed."""
    if not (clone / "rentalsync_pipeline_tests" / "simulators").is_dir():
        raise click.UsageError("the world lives in the tests: this needs a clone of the repository")
    folder = _folder(desk, clone)
    published = Path(feeds or folder / "feeds")
    with _world(clone, folder, published) as ask:
        home = desk.name(init(folder).home)
        days = list(_days(ask, home, str(published)))
    desk.answer({"days": days}, lambda: _show(days, home))
    return Exit.FAILED if days[-1]["wrongly_free"] or days[-1]["unseen"] else Exit.SUCCESS


def _days(ask: Ask, home: Home, feeds: str) -> Iterator[Row]:
    """How things stand at the end of each day."""
    control = ControlStore.open(home)
    try:
        begun = datetime.fromisoformat(ask(live=1, deeds=0)["now"])
        apply(control, home.config, channels=channels(), env=os.environ, who=who(), now=begun)
        sync_now(home, feeds, Scope(), begun, _WAIT)
        for number in range(1, DAYS + 1):
            for minutes, deeds in DAY:
                now = datetime.fromisoformat(ask(live=minutes, deeds=deeds)["now"])
                sync_now(home, feeds, Scope(), now, _WAIT)
                found = [_named(each) for each in conflicts(control, now)]
                stands = ask(look=found)
            output.say(f"day {number} of {DAYS}: {output.some(stands['bookings'], 'booking')} so far")
            yield {"day": number} | stands
            ask(live=NIGHT, deeds=0)
    finally:
        control.close()


def _folder(desk: Desk, clone: Path) -> Path:
    """An empty folder: the one beside the example is emptied, as the world's clock begins anew."""
    folder = Path(desk.named).parent if desk.named else clone / "examples" / ".rentalsync" / "world"
    if not desk.named:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty: a world begins with nothing")
    return folder


@contextmanager
def _world(clone: Path, folder: Path, feeds: Path) -> Iterator[Ask]:
    """The world's process, and a function that gives it an order and returns how things stand."""
    module, places = "rentalsync_pipeline_tests.simulators", (str(folder.resolve()), str(feeds.resolve()))
    with subprocess.Popen(  # noqa: S603 - this interpreter, with a module and folders of our own
        [sys.executable, "-m", module, *places],
        cwd=clone,
        env=os.environ | {"PYTHONPATH": str(clone)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        orders, answers = cast(IO[str], process.stdin), cast(IO[str], process.stdout)

        def ask(**order: object) -> Row:
            print(json.dumps(order), file=orders, flush=True)
            return _answer(answers.readline())

        _answer(answers.readline())
        yield ask
        orders.close()


def _answer(line: str) -> Row:
    if not line:
        raise click.ClickException("the world has ended; its own words are above")
    answer: Row = json.loads(line)
    return answer


def _named(conflict: Conflict) -> Row:
    """What the world needs to know of a double booking that was found."""
    return {
        "id": conflict.id,
        "listing": conflict.listing,
        "certainty": conflict.certainty,
        "first_night": str(conflict.first_night),
        "last_night": str(conflict.last_night),
    }


def _show(days: list[Row], home: Home) -> None:
    columns = {
        "day": "day",
        "bookings": "bookings",
        "sold twice": "sold_twice",
        "not seen": "unseen",
        "nights wrongly free": "wrongly_free",
        "wrongly taken now": "wrongly_taken",
    }
    output.show_table(list(columns), [[day[name] for name in columns.values()] for day in days])
    output.show("Nights are wrongly taken for hours, while a channel still shows a copy of what is gone.")
    output.show("The world has ended: its channels answer no more. What was published can be looked at:")
    output.show_line(f"    rentalsync conflicts --home {shlex.quote(str(home.path))}")
