"""The web servers of `deploy/`, started on loopback; nothing is changed but port and folders."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"
FEEDS = "/var/lib/rentalsync/feeds"


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Site:
    """A running server; `folder` is where it keeps what it writes itself."""

    port: int
    folder: Path

    def ask(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """One request with the path exactly as given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            fields = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=fields)
            answer = connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


@contextmanager
def nginx(folder: Path, feeds: Path, change: Callable[[str], str]) -> Iterator[Site]:
    port = _free_port()
    text = change((DEPLOY / "nginx/rentalsync.conf").read_text())
    text = text.replace(FEEDS, str(feeds)).replace("listen 80;", f"listen 127.0.0.1:{port};")
    text = text.replace("    listen [::]:80;\n", "").replace("/var/log/nginx", str(folder))
    (folder / "site.conf").write_text(text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    scratch = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; worker_processes 1; pid {folder}/pid;"
        f"error_log {folder}/error.log; events {{}}"
        f"http {{ gzip on; gzip_types *; {scratch} include site.conf; }}"
    )
    with _running(
        ["nginx", "-e", f"{folder}/error.log", "-p", str(folder), "-c", "nginx.conf"], port, folder
    ):
        yield Site(port, folder)


@contextmanager
def caddy(folder: Path, feeds: Path, change: Callable[[str], str]) -> Iterator[Site]:
    port = _free_port()
    text = change((DEPLOY / "caddy/Caddyfile").read_text()).replace(FEEDS, str(feeds))
    text = text.replace("calendars.example.com", f"http://127.0.0.1:{port}")
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text)
    with _running(["caddy", "run", "--config", f"{folder}/Caddyfile"], port, folder):
        yield Site(port, folder)


SERVERS = {"nginx": nginx, "caddy": caddy}


def installed(server: str) -> bool:
    return shutil.which(server) is not None


def uncommented(text: str) -> str:
    """The configuration with the lines that are switched off on: those where no prose follows the `#`."""
    return re.sub(r"^(\s*)#(?! \S)", r"\1", text, flags=re.MULTILINE)


@contextmanager
def _running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    environment = os.environ | {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
    }
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        _wait_for(port, process, folder / "output")
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(port: int, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"the server does not listen: {output.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
