"""Calendars that lie on this machine.

Belongs here: reading a path or a `file:` URL as if it were an answer. Does not: the network
(`transport`), who may name a file (configuration files only, never the API).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rentalsync_pipeline.channels.wire.decoding import CAP
from rentalsync_pipeline.channels.wire.response import Response
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.verdict import Failure, Reason


def is_file(url: Secret) -> bool:
    """Whether it names a file: a `file:` URL, or a path, which has no scheme."""
    return url.reveal().startswith("file:") or "://" not in url.reveal()


async def read(url: Secret, folder: Path) -> Response:
    """The file's bytes; a relative path counts from `folder`. Only regular files, up to the cap."""
    return await asyncio.to_thread(_read, url.reveal(), folder)


def _read(url: str, folder: Path) -> Response:
    try:
        path = folder / _path(url)
        if not path.is_file():  # nor a device or a pipe, which might never end
            return Response(failure=Failure(Reason.FILE_MISSING, "no such file"))
        with path.open("rb") as file:
            body = file.read(CAP + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        return Response(failure=Failure(Reason.FILE_MISSING, type(error).__name__))
    if len(body) > CAP:
        return Response(failure=Failure(Reason.TOO_LARGE))
    return Response(body=body)


def _path(url: str) -> str:
    if not url.startswith("file:"):
        return url
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        raise ValueError("a file on another machine")
    return unquote(parts.path)
