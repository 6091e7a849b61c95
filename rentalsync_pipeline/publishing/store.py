"""Where feeds are published: a local folder or a bucket, written only when the bytes differ.

Belongs here: which names are allowed, and that an unchanged feed is not touched. Does not: how one kind of
storage writes (`folder`, `bucket`), what is in a feed, who may see it.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from rentalsync_pipeline.publishing.bucket import Bucket
from rentalsync_pipeline.publishing.folder import Folder
from rentalsync_pipeline.publishing.names import PRIVATE, PUBLIC
from rentalsync_pipeline.publishing.stamp import Stamp

NAME = re.compile(rf"(?:(?:{PRIVATE}|{PUBLIC})/[a-z0-9][a-z0-9_-]{{0,180}}\.ics|[a-z]+\.json)", re.ASCII)
"""A feed in one of the two folders, or a machine-readable file beside them. An allow-list: with it no
name can climb out of the store, hide itself, or mean something to a shell or a URL."""


class UnsafeNameError(ValueError):
    """A name that no feed has."""


class _Storage(Protocol):
    def get(self, name: str) -> bytes | None: ...
    def stamp(self, name: str) -> Stamp | None: ...
    def put(self, name: str, data: bytes) -> None: ...
    def drop(self, name: str) -> None: ...
    def list(self, shelf: str) -> list[str]: ...
    def sweep(self, before: datetime, *, dry_run: bool) -> int: ...


class FeedStore:
    """The published files, by name (`private/…ics`, `public/…ics`, `manifest.json`).

    `location` is a path, a `file:` URL, or the URL of a bucket (`s3://…`, `gs://…`, `az://…`), whose
    driver has to be installed. Every method raises `UnsafeNameError` for a name outside `NAME`.
    """

    def __init__(self, location: str | Path) -> None:
        self._storage = _storage(str(location))

    def write(self, name: str, data: bytes) -> bool:
        """Publish a file. False when it already holds these bytes: then it keeps its time and ETag."""
        if self.read(name) == data:
            return False
        self._storage.put(name, data)
        return True

    def read(self, name: str) -> bytes | None:
        """The published bytes; `None` where there are none."""
        return self._storage.get(_checked(name))

    def stamp(self, name: str) -> Stamp | None:
        """Which version is published, told without reading it; `None` where there is none."""
        return self._storage.stamp(_checked(name))

    def remove(self, name: str) -> None:
        """Withdraw a file at once; nothing happens where there is none."""
        self._storage.drop(_checked(name))

    def names(self) -> list[str]:
        """The feeds that lie there, sorted; other files in the two folders are not ours and not listed."""
        found = (f"{shelf}/{name}" for shelf in (PRIVATE, PUBLIC) for name in self._storage.list(shelf))
        return sorted(name for name in found if NAME.fullmatch(name))

    def sweep(self, before: datetime, *, dry_run: bool = False) -> int:
        """Remove what killed writers left behind before that moment; no reader sees it as a feed."""
        return self._storage.sweep(before, dry_run=dry_run)


def _storage(location: str) -> _Storage:
    if "://" not in location:
        return Folder(Path(location))
    parts = urlsplit(location)
    return Folder(Path(url2pathname(parts.path))) if parts.scheme == "file" else Bucket(location)


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise UnsafeNameError(f"{name!r} is no name of a feed: it looks like public/<slug>-busy-<token>.ics")
    return name
