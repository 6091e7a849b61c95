"""Places that alerts are sent to: a web server, a mail server, a program, all real and all listening."""

from __future__ import annotations

import json
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer
from threading import Thread


@dataclass
class Web:
    """Keeps what is posted to it, and counts who asks."""

    url: str = ""
    texts: list[str] = field(default_factory=list)
    beats: int = 0
    status: int = 200


@contextmanager
def web() -> Iterator[Web]:
    page = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if page.status == 200:
                page.texts.append(json.loads(body)["text"])
            self._answer()

        def do_GET(self) -> None:
            page.beats += 1
            self._answer()

        def _answer(self) -> None:
            self.send_response(page.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 its name there
            pass

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        page.url = f"http://127.0.0.1:{port}/c4n4ry"
        yield page


@dataclass
class Post:
    """A mail server; keeps the letters that it takes, and whether each word to it came through TLS."""

    url: str = ""
    letters: list[bytes] = field(default_factory=list)
    said: list[tuple[bool, str]] = field(default_factory=list)


@contextmanager
def post(tls: ssl.SSLContext | None = None, *, from_the_start: bool = False) -> Iterator[Post]:
    """One that speaks no TLS, or changes to it when asked to, or speaks nothing else."""
    office = Post()

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self.is_safe = False
            if from_the_start:
                self._change_to_tls()
            self._say("220 ready")
            while line := self.rfile.readline():
                office.said.append((self.is_safe, line.decode().strip()))
                self._answer(line[:4].upper())

        def _answer(self, verb: bytes) -> None:
            match verb:
                case b"EHLO" if tls:
                    self._say("250-ready\r\n250 " + ("AUTH PLAIN" if self.is_safe else "STARTTLS"))
                case b"STAR":
                    self._say("220 go on")
                    self._change_to_tls()
                case b"AUTH":
                    self._say("235 welcome")
                case b"DATA":
                    self._say("354 go on")
                    office.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                    self._say("250 ok")
                case _:
                    self._say("221 bye" if verb == b"QUIT" else "250 ok")

        def _change_to_tls(self) -> None:
            assert tls
            super().finish()
            self.request = tls.wrap_socket(self.request, server_side=True)
            self.is_safe = True
            super().setup()

        def finish(self) -> None:
            super().finish()
            self.request.close()

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    class Server(ThreadingTCPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Who doesn't trust us hangs up: that is what is tried."""

    with _running(Server(("127.0.0.1", 0), Handler)) as port:
        office.url = f"{'smtps' if from_the_start else 'smtp'}://127.0.0.1:{port}"
        yield office


@contextmanager
def _running(server: TCPServer) -> Iterator[int]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def program(folder: Path) -> list[str]:
    """A command that appends what it reads to `heard.txt`."""
    script = "import sys, pathlib; pathlib.Path(sys.argv[1]).open('a').write(sys.stdin.read())"
    return [sys.executable, "-c", script, str(folder / "heard.txt")]
