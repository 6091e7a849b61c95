"""A local folder of feeds whose readers never see half a file.

Belongs here: writing to a disk so that it survives a crash, and who may read what. Does not: what is
written, and when (`store`), other kinds of storage (`bucket`).
"""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rentalsync_pipeline.publishing.names import PRIVATE, PUBLIC
from rentalsync_pipeline.publishing.stamp import Stamp

MODES = {PUBLIC: (0o755, 0o644), PRIVATE: (0o750, 0o640), "": (0o755, 0o640)}
"""Modes of a folder and of its files, set whatever the umask: under a service's 0077 a web server
could read nothing. `private/` opens to a group, so that a server behind a login can be let in; the
manifest at the root (`""`) names every feed, so it is as private."""


_TEMPORARY = ".tmp"


class UnsafePathError(ValueError):
    """A path that would leave the folder of feeds."""


class Folder:
    """A folder on this machine, made when the first file is written. It may itself be a symbolic link."""

    def __init__(self, root: Path) -> None:
        self._root = root.expanduser().resolve()

    def get(self, name: str) -> bytes | None:
        """The bytes of a file; `None` where there is none."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def stamp(self, name: str) -> Stamp | None:
        """Which version of a file lies there, told without reading it; `None` where there is none.

        Every version is a new file, so its inode and time tell it from the one before.
        """
        try:
            found = self._path(name).stat()
        except FileNotFoundError:
            return None
        version = f"{found.st_ino}-{found.st_mtime_ns}-{found.st_size}"
        return Stamp(version, datetime.fromtimestamp(found.st_mtime, UTC), found.st_size)

    def put(self, name: str, data: bytes) -> None:
        """Replace a file as a whole: a reader sees the old bytes or the new ones, also after a power cut.

        An `OSError` (disk full, a failed fsync) leaves the old file and no litter.
        """
        path = self._path(name)
        mode = MODES[_shelf(name)][1]
        self._make_folder(_shelf(name))
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=_TEMPORARY)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(handle, mode)
                os.fsync(handle)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _fsync_folder(path.parent)

    def drop(self, name: str) -> None:
        """Remove a file, for good; nothing happens where there is none."""
        path = self._path(name)
        if path.exists():
            path.unlink()
            _fsync_folder(path.parent)

    def list(self, shelf: str) -> list[str]:
        """The names of the files in one folder; what a killed writer left behind is none of them."""
        folder = self._root / shelf
        return [path.name for path in folder.iterdir()] if folder.is_dir() else []

    def sweep(self, before: datetime, *, dry_run: bool) -> int:
        """Remove the temporary files that killed writers left behind before that moment."""
        found = (self._root / shelf / name for shelf in MODES for name in self.list(shelf))
        litter = [
            path for path in found if _is_temporary(path) and path.lstat().st_mtime < before.timestamp()
        ]
        for path in () if dry_run else litter:
            path.unlink(missing_ok=True)
        return len(litter)

    def _path(self, name: str) -> Path:
        path = self._root / name
        if path.parent.is_symlink() or path.is_symlink():
            raise UnsafePathError(f"{path} is a symbolic link: feeds are not written or read through one")
        return path

    def _make_folder(self, shelf: str) -> None:
        for name in dict.fromkeys(("", shelf)):
            folder = self._root / name
            try:
                folder.mkdir(parents=True)
            except FileExistsError:  # made before, maybe by another thread this moment
                continue
            folder.chmod(MODES[name][0])


def _is_temporary(path: Path) -> bool:
    return path.name.startswith(".") and path.name.endswith(_TEMPORARY)


def _shelf(name: str) -> str:
    return name.rpartition("/")[0]


def _fsync_folder(folder: Path) -> None:
    """Make the renaming itself durable, not only the file's bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
