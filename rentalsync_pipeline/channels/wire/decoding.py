"""A body on its way in: decompressed piece by piece, never larger than the cap.

Belongs here: counting and inflating bytes. Does not: reading them from anywhere (`transport`).
"""

from __future__ import annotations

import zlib

from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.core.verdict import Reason

CAP = 5 * 1024 * 1024
"""Bytes of a body, after decompression. Real calendars of one listing have a hundredth of it."""

ENCODINGS = {"": False, "identity": False, "gzip": True, "x-gzip": True}
GZIP = 16 + zlib.MAX_WBITS


class Inflow:
    """Collects a body and stops at `cap` bytes, however small it was compressed (a gzip bomb).

    It inflates by itself because httpx hands out a whole piece inflated: 64 KB on the wire become
    64 MB in memory before anyone can count.
    """

    def __init__(self, encoding: str, cap: int = CAP) -> None:
        """Args: the Content-Encoding header; raises `FetchError` for one that was not asked for."""
        if encoding.strip().lower() not in ENCODINGS:
            raise FetchError(Reason.HTTP_STATUS, "its compression is unknown")
        self._inflater = zlib.decompressobj(GZIP) if ENCODINGS[encoding.strip().lower()] else None
        self._cap = cap
        self._received = 0
        self._body = bytearray()

    def add(self, piece: bytes) -> None:
        """Take the next bytes from the wire.

        Raises:
            FetchError: The body exceeds the cap, or its compression is damaged.
        """
        self._received += len(piece)  # counted too: a stream may go on and on without inflating to anything
        if self._inflater:
            room = self._cap + 1 - len(self._body)
            try:
                piece = self._inflater.decompress(piece, room)
            except zlib.error:
                raise FetchError(Reason.TORN, "its compression is damaged") from None
        self._body += piece
        if max(self._received, len(self._body)) > self._cap:
            raise FetchError(Reason.TOO_LARGE)

    def whole(self) -> bytes:
        """The body, once everything has come.

        Raises:
            FetchError: The compressed stream has not ended.
        """
        if self._inflater and not self._inflater.eof:
            raise FetchError(Reason.TORN, "its compressed form is cut off")
        return bytes(self._body)
