"""A small real proxy that shows pages as Home Assistant's Ingress does: in a frame, below a path of its own.

Belongs here: what Ingress does to requests and answers (it takes its path off, says it in `X-Ingress-Path`,
names the user, passes cookies). Does not: flows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

PREFIX = "/api/hassio_ingress/Ab-9_x"
_SHELL = f'<!doctype html><title>Home</title><iframe src="{PREFIX}/" width="380" height="800"></iframe>'
_HOPS = {"host", "connection", "content-length", "transfer-encoding", "content-encoding", "keep-alive"}
"""Headers of one leg of the way alone."""


@contextmanager
def ingress(upstream: str, user: str) -> Iterator[str]:
    """Run it before `upstream`, everybody being that user; gives the URL of the page with the frame."""

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass_on()

        def do_POST(self) -> None:
            self._pass_on()

        def _pass_on(self) -> None:
            if not self.path.startswith(PREFIX):
                self._answer(200, [("content-type", "text/html")], _SHELL.encode())
                return
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = [(name, value) for name, value in self.headers.items() if name.lower() not in _HOPS]
            headers += [("X-Ingress-Path", PREFIX), ("X-Remote-User-Name", user)]
            headers += [("X-Forwarded-Host", self.headers["host"]), ("X-Forwarded-Proto", "http")]
            path = self.path.removeprefix(PREFIX) or "/"
            answer = httpx.request(self.command, upstream + path, headers=headers, content=body)
            self._answer(answer.status_code, answer.headers.multi_items(), answer.content)

        def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in _HOPS:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
