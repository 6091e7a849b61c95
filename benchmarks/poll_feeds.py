"""A flood of calendar programs: `python benchmarks/poll_feeds.py [SECONDS]`.

200 clients poll 50 calendars over loopback while a sync runs beside them: half of them as Thunderbird and
Evolution do (If-None-Match, answered by 304), half as Home Assistant does (everything, every time). Server,
clients and sync share this machine, so that on two cores the server has less than one to itself.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from rich.console import Console
from rich.table import Table
from sync_portfolio import MORNING, configure, in_its_own_process, write_calendars

from rentalsync_pipeline.automation.programs import http_program
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.operations.configuring.setup import init

CLIENTS, LISTINGS, STAYS = 200, 50, 40
SECONDS = 10
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_ETAG = re.compile(rb"etag: (\S+)", re.IGNORECASE)


class Poll:
    """What all clients saw."""

    def __init__(self, port: int, paths: list[str], until: float) -> None:
        self.port, self.paths, self.until = port, paths, until
        self.times: dict[int, list[float]] = {200: [], 304: []}
        self.errors: Counter[int] = Counter()
        self.etags: dict[str, bytes] = {}

    async def run(self) -> None:
        """All clients at once, each with a connection of its own that it keeps."""
        await asyncio.gather(*(self.client(number) for number in range(CLIENTS)))

    async def client(self, number: int) -> None:
        """Poll one calendar after the other until the time is up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        turn = number
        while time.perf_counter() < self.until:
            path = self.paths[turn % len(self.paths)]
            known = self.etags.get(path) if number % 2 else None
            condition = b"If-None-Match: " + known + b"\r\n" if known else b""
            began = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n".encode() + condition + b"\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head.split(b" ", 2)[1])
            length = _LENGTH.search(head)
            if length and status == 200:
                await reader.readexactly(int(length[1]))
            self.note(status, time.perf_counter() - began)
            if tag := _ETAG.search(head):
                self.etags[path] = tag[1]
            turn += 1
        writer.close()

    def note(self, status: int, seconds: float) -> None:
        if status in self.times:
            self.times[status].append(seconds)
        else:
            self.errors[status] += 1


def main() -> None:
    """Print the table."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with TemporaryDirectory() as folder, served(init(Path(folder)).home) as (home, port):
        paths = [f"/ical/{path.name}" for path in sorted((home.feeds / "private").glob("*.ics"))]
        beside = Thread(target=sync, args=(home,))
        beside.start()
        poll = Poll(port, paths, time.perf_counter() + seconds)
        asyncio.run(poll.run())
        beside.join()
    assert not poll.errors, poll.errors
    table = Table(
        "answer", "requests", "a second", "p50 ms", "p99 ms", title=f"{CLIENTS} clients, {LISTINGS} feeds"
    )
    for status, times in poll.times.items():
        ordered = [1000 * each for each in sorted(times)]
        table.add_row(
            str(status),
            f"{len(ordered):,}",
            f"{len(ordered) / seconds:,.0f}",
            *(f"{ordered[int(len(ordered) * share)]:.0f}" for share in (0.5, 0.99)),
        )
    Console().print(table)


@contextmanager
def served(home: Home) -> Iterator[tuple[Home, int]]:
    """A synced portfolio and the port of its server, a process of its own."""
    configure(home, LISTINGS)
    write_calendars(home.folder, LISTINGS, STAYS, MORNING, moved=False)
    in_its_own_process(home, MORNING)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    env = os.environ | {"RENTALSYNC_HOME": str(home.path), "RENTALSYNC_FEEDS_ONLY": "true"}
    server = subprocess.Popen([sys.executable, "-m", *http_program("127.0.0.1", port).command], env=env)
    try:
        _wait_for(port)
        yield home, port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def sync(home: Home) -> None:
    """A sync in which every calendar has a longer stay somewhere."""
    moment = MORNING + timedelta(minutes=20)
    write_calendars(home.folder, LISTINGS, STAYS + 1, moment, moved=True)
    in_its_own_process(home, moment)


if __name__ == "__main__":
    main()
