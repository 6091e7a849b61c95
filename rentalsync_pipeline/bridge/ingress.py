"""Home Assistant's Ingress: the path under which it shows us.

Belongs here: `X-Ingress-Path` as the root path, so that links and the documentation lead back through the
proxy. Does not: who the user is (`auth`). The proxy takes that path off; to ASGI it is
the beginning of `path`, too.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from rentalsync_pipeline.bridge.settings import BridgeSettings

_PATH = re.compile(r"(?:/[\w.~-]{1,128}){1,8}", re.ASCII)


class IngressPath:
    """Middleware that takes the root path from a trusted proxy."""

    def __init__(self, app: ASGIApp, settings: BridgeSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its root path set."""
        if scope["type"] == "http" and self._settings.trusts((scope.get("client") or [None])[0]):
            path = Headers(scope=scope).get("x-ingress-path", "")
            if _PATH.fullmatch(path):
                scope = {**scope, "root_path": path, "path": path + scope["path"]}
        await self._app(scope, receive, send)
