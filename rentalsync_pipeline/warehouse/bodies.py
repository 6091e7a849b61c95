"""Fetched bodies, kept as files under the digest of their content.

Belongs here: storing and finding them. Does not: deciding how long they stay (`operations.maintenance`).
Two answers that differ only in what a channel writes anew at every fetch share one body: the first.
"""

from __future__ import annotations

import gzip
import os
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

    def _path(self, content: str) -> Path:
        return self._root / content[:2] / f"{content}.gz"
