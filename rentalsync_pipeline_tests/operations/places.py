"""Places that alerts are sent to: a web server, a mail server, a program, all real and all listening."""

from __future__ import annotations

import json
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
    """A mail server without TLS; keeps the letters that it takes."""

    url: str = ""
    letters: list[bytes] = field(default_factory=list)


@contextmanager
def post() -> Iterator[Post]:
    office = Post()

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 ready")
            while verb := self.rfile.readline()[:4].upper():
                if verb == b"DATA":
                    self._say("354 go on")
                    office.letters.append(self._letter())
                self._say("221 bye" if verb == b"QUIT" else "250 ok")

        def _letter(self) -> bytes:
            return b"".join(iter(self.rfile.readline, b".\r\n"))

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with _running(ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        office.url = f"smtp://127.0.0.1:{port}"
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
