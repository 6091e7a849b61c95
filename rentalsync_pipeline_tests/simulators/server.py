"""What all simulators share: a real HTTP server on loopback, routes, and what stands in for an answer.

A simulator is a class with a table of routes. Each answers with a `Reply`; whoever wants an answer spoiled
says so to its `faults`. Vendors' formats don't belong here.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from rentalsync_pipeline_tests.simulators.faults import Faults
from rentalsync_pipeline_tests.simulators.messages import Asked, Reply
from rentalsync_pipeline_tests.simulators.world import World


class Simulator:
    """A vendor's API over a world. `asked` has every request, in order."""

    base: ClassVar[str] = ""
    """What every path begins with at the vendor's."""
    routes: ClassVar[Mapping[str, Callable[..., Reply]]] = {}
    """`METHOD /path/{name}` to a method; what stands in braces is an argument."""
    elsewhere: ClassVar[Mapping[str, Callable[..., Reply]]] = {}
    """The same for paths that don't begin with the base."""

    def __init__(self, world: World, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self.world = world
        self.faults = Faults()
        self.asked: list[Asked] = []
        self.ticks = ticks
        self.skew = timedelta()
        self._routes = [
            *((_pattern(self.base, route), answer) for route, answer in self.routes.items()),
            *((_pattern("", route), answer) for route, answer in self.elsewhere.items()),
        ]
        self._one_at_a_time = threading.Lock()
        self.defect: BaseException | None = None

    def refusal(self, asked: Asked) -> Reply | None:
        """What the vendor answers to whom it knows nothing of, or who asks too often; else `None`."""
        return None

    def not_found(self) -> Reply:
        return Reply.json({"message": "Not Found"}, 404)

    @property
    def now(self) -> datetime:
        """The time by the vendor's clock."""
        return self.world.now + self.skew

    def fastest(self, seconds: float = 1) -> int:
        """How often it was asked at most within so many seconds."""
        ticks = [asked.tick for asked in self.asked]
        return max((sum(start <= tick < start + seconds for tick in ticks) for start in ticks), default=0)

    def answer(self, asked: Asked) -> Reply:
        with self._one_at_a_time:
            self.asked.append(asked)
            reply = self.faults.instead(asked) or self._own_answer(asked)
            return self.faults.spoilt(asked, reply).with_headers(
                {"Date": format_datetime(self.now, usegmt=True)}
            )

    def _own_answer(self, asked: Asked) -> Reply:
        for pattern, route in self._routes:
            if found := pattern.fullmatch(f"{asked.method} {asked.path}"):
                return self.refusal(asked) or route(self, asked, **found.groupdict())
        return self.not_found()

    def last_resort(self, asked: Asked) -> Reply:
        """The answer, or the confession that this simulator has a defect, which fails its test."""
        try:
            return self.answer(asked)
        except Exception as defect:
            self.defect = defect
            return Reply.json({"simulator": repr(defect)}, 599)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Answer on a free port of loopback. Gives the address in place of the vendor's, with its base."""
        with _Server(self) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.02,))
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}{self.base}"
            finally:
                server.shutdown()
                thread.join()
                server.hang_up()
        if self.defect:
            raise self.defect


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.closing = threading.Event()
        self._lines: list[socket.socket] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._lines.append(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        """End the connections that clients keep open, so that their threads end."""
        self.closing.set()
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is what many tests are about; anything else is a defect of ours."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            self.simulator.defect = error


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _answer(self) -> None:
        target = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = parse_qs(target.query, keep_blank_values=True)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(
            self.command, target.path, query, headers, body, self.path, self.server.simulator.ticks()
        )
        self._write(self.server.simulator.last_resort(asked))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 - the names that http.server calls

    def _write(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        body = b"" if self.command == "HEAD" else reply.body[: reply.cut]
        for part in reply.parts(body):
            self.wfile.write(part)
            if reply.pause and self.server.closing.wait(reply.pause):
                break
        self.close_connection = self.close_connection or len(body) < len(reply.body)

    def log_message(self, *args: object) -> None:
        """Say nothing: `Simulator.asked` has it all."""


def _pattern(base: str, route: str) -> re.Pattern[str]:
    method, _, path = route.partition(" ")
    named = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(base + path))
    return re.compile(f"{method} {named}")


def as_json(body: bytes) -> Any:
    """The JSON of a request's body; `None` where it is none."""
    with suppress(ValueError):
        return json.loads(body)
    return None
