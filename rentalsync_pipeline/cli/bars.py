"""Progress bars on stderr: for people only, and gone when the work is done.

Belongs here: how progress looks. Does not: telling it (`operations.progress`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.operations.progress import watched_by


@contextmanager
def bars() -> Iterator[None]:
    """Show how far the verbs are that run within."""
    console = output.console(stderr=True)
    columns = (TextColumn("{task.description:12}"), BarColumn(), MofNCompleteColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:

        def watch(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=total)
            shown.update(tasks[what], completed=done, total=total)

        with watched_by(watch):
            yield
