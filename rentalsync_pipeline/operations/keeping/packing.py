"""The form of a backup: one compressed tar, closed by a list of what is in it.

Belongs here: packing files with their digests, and unpacking none that isn't on the list. Does not: which
files those are (`backup`, `restore`). An archive that ends early has no list, and one that was changed
doesn't fit it.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from rentalsync_pipeline.operations.progress import Progress

LIST = "backup.json"
VERSION = 1
_PRIVATE = 0o600
_LEVEL = 5
"""Half the time of gzip's usual 9, for three per cent more bytes of a warehouse."""
_PIECE = 1 << 20


class ArchiveError(Exception):
    """A file that is no backup, or not a whole one; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself: when it was made, by which version, and each file with its SHA-256."""

    made: datetime
    program: str
    files: dict[str, str]


def pack(archive: Path, files: Mapping[str, Path], made: datetime, program: str, progress: Progress) -> None:
    """Write a new archive of these files by their names in it, which only its owner may read.

    A file that grows meanwhile is taken as long as it was.
    """
    digests = {}
    with archive.open("xb") as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=_LEVEL) as tar:
        archive.chmod(_PRIVATE)
        for done, (name, path) in enumerate(files.items(), 1):
            with path.open("rb") as source:
                read = _Read(source)
                tar.addfile(_entry(name, path.stat().st_size), read)
            digests[name] = read.digest
            progress(done, len(files))
        told = {"version": VERSION, "made": made.isoformat(), "program": program, "files": digests}
        data = json.dumps(told, indent=1).encode()
        tar.addfile(_entry(LIST, len(data)), io.BytesIO(data))


def unpack(archive: Path, folder: Path) -> Contents:
    """Write the files of an archive under `folder`, and make sure that they are all there, and unchanged.

    Raises `ArchiveError`; what has been written by then is of no use.
    """
    digests = {}
    data = b""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for name, source in _files(tar):
                if name == LIST:
                    data = source.read()
                else:
                    digests[name] = _write(source, _within(folder, name))
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise ArchiveError(f"{archive} can't be read to its end: {error}") from None
    contents = _contents(archive, data)
    if digests != contents.files:
        raise ArchiveError(f"{archive} does not hold what its list says: it was changed, or it is damaged")
    return contents


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, _PRIVATE
    return entry


def _files(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        source = tar.extractfile(member) if member.isreg() else None
        if source is None:
            raise ArchiveError(f"{member.name!r} is no plain file: this is no backup of ours")
        yield member.name, source


def _within(folder: Path, name: str) -> Path:
    """Where a file goes; never out of the folder, whatever it is called."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        raise ArchiveError(f"{name!r} leads out of its folder: this is no backup of ours")
    return folder.joinpath(*parts)


def _write(source: IO[bytes], path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    read = _Read(source)
    with path.open("xb") as file:
        path.chmod(_PRIVATE)
        while piece := read.read(_PIECE):
            file.write(piece)
    return read.digest


def _contents(archive: Path, data: bytes) -> Contents:
    try:
        told = json.loads(data)
        if told["version"] > VERSION:
            raise ArchiveError(f"{archive} was made by a newer version, {told['program']}: install that")
        return Contents(datetime.fromisoformat(told["made"]), told["program"], told["files"])
    except (ValueError, LookupError, TypeError):
        raise ArchiveError(f"{archive} has no list of its files: it ends early, or is no backup") from None


class _Read(io.RawIOBase):
    """A file being read, with the digest of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._hash = source, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        piece = self._source.read(size)
        self._hash.update(piece)
        return piece

    @property
    def digest(self) -> str:
        """SHA-256 of all that was read, in hex."""
        return self._hash.hexdigest()
