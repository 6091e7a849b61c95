"""Fetched bodies, kept as files under the digest of their content.

Belongs here: storing and finding them. Does not: deciding how long they stay
(`operations.keeping.retention`). Two answers that differ only in what a channel writes anew at every fetch
share one body: the first.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path


class Bodies:
    """A folder of compressed bodies, spread over sub-folders by the first two digits."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, content: str, body: bytes) -> None:
        """Store a body unless its content is there already."""
        path = self._path(content)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_bytes(gzip.compress(body, compresslevel=6, mtime=0))
        draft.replace(path)

    def read(self, content: str) -> bytes | None:
        """The body of that content; `None` where retention has removed it."""
        path = self._path(content)
        return gzip.decompress(path.read_bytes()) if path.exists() else None

    def contents(self) -> Iterator[str]:
        """Of every body that is there, in no order."""
        return (path.stem for path in self._root.glob("??/*.gz"))

    def size(self, content: str) -> int:
        """The bytes that a body takes on the disk."""
        return self._path(content).stat().st_size

    def drop(self, content: str) -> None:
        """Forget a body."""
        self._path(content).unlink(missing_ok=True)

    def _path(self, content: str) -> Path:
        return self._root / content[:2] / f"{content}.gz"
