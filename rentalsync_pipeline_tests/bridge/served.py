"""The HTTP side as its users meet it: a real server on loopback, asked by a real client.

Belongs here: what the tests of all routers share. All of it is real but the clock, which is the town's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from rentalsync_pipeline.bridge.app import create_app
from rentalsync_pipeline.bridge.server import SERVER
from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.operations.configuring.access import grant
from rentalsync_pipeline_tests.operations.town import Town

STANDALONE = BridgeSettings(standalone=True)
_PATIENCE = 30


class Served:
    """A town's server, and a client of it that presents a token where the test has one."""

    def __init__(self, town: Town, app: FastAPI, url: str) -> None:
        self.town, self.app, self.url = town, app, url
        self.client = httpx.Client(base_url=url, timeout=_PATIENCE)

    def present(self, role: Role) -> None:
        """Present a new token of that role from now on."""
        _, secret = grant(self.town.stores.control, f"a test ({role})", role, "a test", self.town.now)
        self.client.headers["Authorization"] = f"Bearer {secret.reveal()}"

    def get(self, path: str, status: int = 200, **options: Any) -> httpx.Response:
        return self.ask("GET", path, status, **options)

    def ask(self, method: str, path: str, status: int = 200, **options: Any) -> httpx.Response:
        """Ask, and hold the answer to its status."""
        answer = self.client.request(method, path, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer


@contextmanager
def serving(town: Town, settings: BridgeSettings = STANDALONE) -> Iterator[Served]:
    """Serve a town for the length of the block."""
    app = create_app(town.home, str(town.home.feeds), settings, now=lambda: town.now)
    with listening(app) as url:
        served = Served(town, app, url)
        try:
            yield served
        finally:
            served.client.close()


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """Run uvicorn with the app, on a port that is free; gives its URL."""
    config = uvicorn.Config(app, port=0, log_level="critical", **SERVER)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + _PATIENCE
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
