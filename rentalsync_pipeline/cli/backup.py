"""`backup`."""

from __future__ import annotations

from pathlib import Path

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.bars import bars
from rentalsync_pipeline.cli.desk import Desk, command, now
from rentalsync_pipeline.operations.keeping.backup import BackedUp, backup
from rentalsync_pipeline.operations.progress import progress_of


@command("backup", "rentalsync backup /mnt/backups/rentals.tar.gz")
@click.argument("archive", required=False, type=click.Path(dir_okay=False, path_type=Path))
def run(desk: Desk, archive: Path | None) -> None:
    """Write configuration, keys, control store, warehouse and answers into ARCHIVE, one file.

    By default that is rentalsync-<date>T<time>.tar.gz in this folder. It may be made while everything runs: a
    running sync is waited for. It opens every secret of the portfolio, so only you can read it: keep it so.
    """
    moment = now(None)
    archive = archive or Path(f"rentalsync-{moment:%Y-%m-%dT%H%M%S}.tar.gz")
    with desk.control() as control, bars():
        done = backup(control, archive.absolute(), moment, progress_of("packing"))
    desk.answer(done, lambda: _show(done))


def _show(done: BackedUp) -> None:
    output.show(f"{output.some(done.files, 'file')}, {done.bytes / 1e6:,.1f} MB, in")
    output.show_line(str(done.archive))
    if not done.has_control:
        output.show("The control store is not in it, as it lies on a database server: back that up as well.")
    if not done.has_key:
        output.show("The encryption key is not in it, as it comes from the environment: keep it as well.")
    output.show("`rentalsync restore` makes a home of it, on any machine.")
