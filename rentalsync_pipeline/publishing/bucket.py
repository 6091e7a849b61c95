"""A bucket of feeds: S3, Google Cloud Storage, Azure, or any other file system that fsspec knows.

Belongs here: what an object store must be told about a file so that a calendar program accepts it. Does
not: what is written, and when (`store`), local folders (`folder`), credentials (the environment).
An object store replaces an object as a whole, so readers never see half a feed there either.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from fsspec.core import url_to_fs

from rentalsync_pipeline.publishing.stamp import Stamp

CACHE_CONTROL = "max-age=300"
"""Revoked feeds must be gone within minutes, also behind a CDN."""

MEDIA_TYPES = {"ics": "text/calendar; charset=utf-8", "json": "application/json"}


class Bucket:
    """A place that fsspec reaches by URL (`s3://bucket/prefix`)."""

    def __init__(self, url: str) -> None:
        self._scheme = url.partition("://")[0]
        self._files, self._root = url_to_fs(url)

    def get(self, name: str) -> bytes | None:
        """The bytes of an object; `None` where there is none."""
        try:
            data: bytes = self._files.cat_file(self._path(name))
        except FileNotFoundError:
            return None
        return data

    def put(self, name: str, data: bytes) -> None:
        """Replace an object, with the media type that belongs to its ending."""
        media_type = MEDIA_TYPES[name.rpartition(".")[2]]
        self._files.pipe_file(self._path(name), data, **_headers(self._scheme, media_type))

    def stamp(self, name: str) -> Stamp | None:
        """Which version of an object is there; every driver describes one in words of its own."""
        self._files.invalidate_cache()
        try:
            found = self._files.info(self._path(name))
        except FileNotFoundError:
            return None
        version = sha256(repr(sorted(found.items())).encode()).hexdigest()
        return Stamp(version, self._files.modified(self._path(name)), found["size"])

    def drop(self, name: str) -> None:
        """Remove an object; nothing happens where there is none."""
        if self._files.exists(self._path(name)):
            self._files.rm_file(self._path(name))

    def list(self, shelf: str) -> list[str]:
        """The names of the objects in one folder, asked anew: fsspec remembers old listings."""
        self._files.invalidate_cache()
        return [path.rpartition("/")[2] for path in self._files.find(self._path(shelf), maxdepth=1)]

    def sweep(self, before: datetime, *, dry_run: bool) -> int:
        """Nothing: an object is there as a whole or not at all."""
        return 0

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"


def _headers(scheme: str, media_type: str) -> dict[str, Any]:
    """How each store is told an object's headers: arguments of its fsspec driver's `pipe_file`."""
    match scheme:
        case "s3" | "s3a":
            return {"ContentType": media_type, "CacheControl": CACHE_CONTROL}
        case "gs" | "gcs":
            return {"content_type": media_type, "fixed_key_metadata": {"cache_control": CACHE_CONTROL}}
        case "az" | "abfs" | "abfss":
            return {"content_settings": {"content_type": media_type, "cache_control": CACHE_CONTROL}}
        case _:
            return {}
