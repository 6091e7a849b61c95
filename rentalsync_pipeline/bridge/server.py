"""The server under the app: how bytes from anywhere become requests, within bounds.

Belongs here: what an ASGI server must be told, and how much it takes of a request. Does not: what a request
means (the routers), starting the server (`cli.serve`, `automation.programs`). Nobody has been recognised
yet when a request is read, so that whatever is unbounded here is everybody's to use up.
"""

from __future__ import annotations

import gc
from types import MappingProxyType
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_BODY = 2_000_000
"""Bytes; a mapping of ten thousand rooms has half of that."""
LARGEST_HEAD = 64 * 1024
"""Bytes beside the body, which uvicorn's own reader takes without end."""


class BoundedProtocol(HttpToolsProtocol):
    """Hangs up on whoever sends headers, or an address, that do not end."""

    _beside_body = 0

    def on_message_begin(self) -> None:
        """Count anew with each request of a connection."""
        super().on_message_begin()
        self._beside_body = 0

    def on_body(self, body: bytes) -> None:
        """Bodies have a bound of their own."""
        self._beside_body -= len(body)
        super().on_body(body)

    def data_received(self, data: bytes) -> None:
        """Read on, if there is not too much already."""
        self._beside_body += len(data)
        super().data_received(data)
        if self._beside_body > LARGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("Request header fields too large")


SERVER = MappingProxyType[str, Any](
    {"access_log": False, "proxy_headers": False, "server_header": False, "http": BoundedProtocol}
)
"""Options of uvicorn. No log of requests, as the address of a calendar is its secret; no proxy headers, as
anybody can write them."""


def settle() -> None:
    """Let the garbage collector leave alone all that is loaded by now, as it stays.

    To look through that takes 0.2 s of the processor, in which nobody is answered (measured under a flood).
    """
    gc.collect()
    gc.freeze()


class BoundedBody:
    """Middleware that stops reading a body that is too large, or does not begin to where it says so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body bounded."""
        taken, announced = 0, _announced(scope)

        async def bounded() -> Message:
            nonlocal taken
            if announced <= LARGEST_BODY:
                message = await receive()
                taken += len(message.get("body", b""))
                if taken <= LARGEST_BODY:
                    return message
            raise HTTPException(413, "Request body too large")

        await self._app(scope, bounded, send)


def _announced(scope: Scope) -> int:
    """The length that a request says it has, where it does."""
    length = dict(scope.get("headers", ())).get(b"content-length", b"")
    return int(length) if length.isdigit() else 0
