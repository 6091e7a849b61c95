"""Small files of a home: written whole or not at all, and private where they hold secrets.

Belongs here: the two habits that every file of a home shares. Does not: what stands in them.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

PRIVATE = 0o600
PUBLIC = 0o644


class TooOpenError(PermissionError):
    """A file of secrets that others on this machine can read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} can be read by others: `chmod 600 {path}`, and rotate what it holds")


def write_atomically(path: Path, text: str, *, mode: int) -> None:
    """Put `text` in place of what `path` holds: a reader sees the old file or the new one, never a torn one.

    `mode` is that of the new file from its first byte on.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_private(path: Path) -> str:
    """The text of a file that only its owner may read; `TooOpenError` where others may, too."""
    if path.stat().st_mode & 0o077:
        raise TooOpenError(path)
    return path.read_text(encoding="utf-8")
