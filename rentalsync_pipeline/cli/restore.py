"""`restore`."""

from __future__ import annotations

from pathlib import Path

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command
from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline.operations.keeping.backup import Restored, restore


@command("restore", "rentalsync restore /mnt/backups/rentals.tar.gz ~/rentals")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
def run(desk: Desk, archive: Path, folder: Path | None) -> None:
    """Make a portfolio of ARCHIVE in FOLDER, by default here, as it was at the time of the backup.

    The folder must hold none yet. Every file is held against the list in the archive first. Feeds are
    rendered by the next sync, under the addresses that they had.
    """
    restored = restore(archive, folder or Path())
    desk.name(init(restored.folder).home)
    desk.answer(restored, lambda: _show(restored))


def _show(restored: Restored) -> None:
    files = output.some(len(restored.contents.files), "file")
    output.show(f"{files} of {output.when(restored.contents.made)} UTC, in")
    output.show_line(str(restored.folder))
    if not restored.has_control:
        output.show("The control store was on a database server: set RENTALSYNC_DATABASE_URL to its copy.")
    output.show("Next: `rentalsync doctor`, then `rentalsync sync`; let no other machine go on publishing.")
