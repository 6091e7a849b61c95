"""`backup` and `restore`: all that a home can't make anew, in one file, and back.

Belongs here: which files those are. Does not: the form of the archive (`packing`). Feeds are not among them,
as they are rendered again under the same addresses; nor are Dagster's records, which nothing published
depends on.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rentalsync_pipeline import __version__
from rentalsync_pipeline.control.home import CONFIG_NAME, HOME_NAME, Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.variables import SECRETS_NAME
from rentalsync_pipeline.operations.keeping.packing import ArchiveError, Contents, pack, unpack
from rentalsync_pipeline.operations.lock import sync_lock
from rentalsync_pipeline.operations.progress import Progress, silent

_PATIENCE = 600.0
"""Seconds that a running sync is waited for."""
_CONTROL = "control.db"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """The archive, and what it lacks: a control store or an encryption key that lie elsewhere."""

    archive: Path
    files: int
    bytes: int
    has_control: bool
    has_key: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """The folder that is as it was when the backup was made."""

    folder: Path
    contents: Contents
    has_control: bool


def backup(control: ControlStore, archive: Path, now: datetime, progress: Progress = silent) -> BackedUp:
    """Write everything of a home into `archive`, which nobody else may read; it must not exist yet.

    A running sync is waited for, and none starts meanwhile. The HTTP side may go on: the log's head is taken
    before the log. Raises `SyncRunning`, `ArchiveError`.
    """
    if archive.exists():
        raise ArchiveError(f"{archive} is there already: name another file")
    home = control.home
    with sync_lock(home.lock, _PATIENCE), _beside(archive) as folder:
        copy, head = folder / _CONTROL, folder / home.audit_head.name
        files = dict(_files(home))
        if home.audit_head.exists():
            shutil.copyfile(home.audit_head, head)
            files[f"{HOME_NAME}/{head.name}"] = head
        has_control = control.copy_to(copy)
        if has_control:
            files[f"{HOME_NAME}/{_CONTROL}"] = copy
        whole = folder / archive.name
        pack(whole, files, now, __version__, progress)
        whole.rename(archive)
    return BackedUp(archive, len(files), archive.stat().st_size, has_control, home.keys.exists())


def restore(archive: Path, folder: Path) -> Restored:
    """Put everything back into `folder`, which must hold no portfolio; raises `ArchiveError`.

    All is unpacked beside its place and moved there when it is whole, the home last.
    """
    folder.mkdir(parents=True, exist_ok=True)
    home = Home(folder.resolve() / HOME_NAME)
    there = [path for path in (home.path, home.config, home.secrets) if path.exists()]
    if there:
        raise ArchiveError(f"{there[0]} is there already: restore into an empty folder")
    with _beside(home.path) as unpacked:
        contents = unpack(archive, unpacked)
        for name in (CONFIG_NAME, SECRETS_NAME, HOME_NAME):
            if (unpacked / name).exists():
                (unpacked / name).rename(home.folder / name)
    return Restored(home.folder, contents, f"{HOME_NAME}/{_CONTROL}" in contents.files)


def _files(home: Home) -> Iterator[tuple[str, Path]]:
    """What is kept as it lies there, by its name in the archive."""
    for path in (home.config, home.secrets):
        if path.exists():
            yield path.name, path
    single = (home.keys, home.feed_key, home.snapshot, *_warehouse(home))
    many = (path for folder in (home.bodies, home.spool) for path in sorted(folder.rglob("*")))
    for path in (*single, *many):
        if path.is_file():
            yield f"{HOME_NAME}/{path.relative_to(home.path).as_posix()}", path


def _warehouse(home: Home) -> list[Path]:
    """The file, and what DuckDB keeps beside it after a kill."""
    return sorted(home.path.glob(f"{home.warehouse.name}*"))


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A private folder on the same disk, gone afterwards."""
    folder = Path(tempfile.mkdtemp(dir=path.absolute().parent, prefix=".rentalsync-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
