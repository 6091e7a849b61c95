"""A flood of calendar programs: `python benchmarks/poll_feeds.py --seconds 60`.

200 clients poll 50 calendars over loopback while one sync after another runs beside them: half of them as
Thunderbird and Evolution do (If-None-Match, answered by 304), half as Home Assistant does (everything, every
time). Server, clients and syncs share this machine, so that on two cores the server has less than one to
itself. The server is the real one, but that it counts the calendars that it opens.
"""

from __future__ import annotations

import argparse
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
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from fastapi import FastAPI
from rich.console import Console
from rich.table import Table
from sync_portfolio import MORNING, configure, in_its_own_process, write_calendars

from rentalsync_pipeline.automation.programs import http_program
from rentalsync_pipeline.bridge.app import served as real
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.operations.configuring.setup import init

CLIENTS, LISTINGS, STAYS = 200, 50, 40
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_ETAG = re.compile(rb"etag: (\S+)", re.IGNORECASE)
_END = b"END:VCALENDAR\r\n"


class Poll:
    """What all clients saw."""

    def __init__(self, port: int, paths: list[str], until: float) -> None:
        self.port, self.paths, self.until = port, paths, until
        self.times: dict[int, list[float]] = {200: [], 304: []}
        self.errors: Counter[str] = Counter()
        self.conditional = 0
        self.etags: dict[str, bytes] = {}
        self.versions: set[bytes] = set()

    async def run(self) -> None:
        """All clients at once, each with a connection of its own that it keeps."""
        await asyncio.gather(*(self.client(number) for number in range(CLIENTS)))

    async def client(self, number: int) -> None:
        """Poll one calendar after the other until the time is up; after an error, on a new connection."""
        turn = number
        while time.perf_counter() < self.until:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                while time.perf_counter() < self.until:
                    path = self.paths[turn % len(self.paths)]
                    await self.ask(reader, writer, path, self.etags.get(path) if number % 2 else None)
                    turn += 1
                writer.close()
            except (OSError, EOFError) as error:
                self.errors[type(error).__name__] += 1

    async def ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, known: bytes | None
    ) -> None:
        """One request, and what came of it."""
        condition = b"If-None-Match: " + known + b"\r\n" if known else b""
        self.conditional += bool(known)
        began = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n".encode() + condition + b"\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        status, length = int(head.split(b" ", 2)[1]), _LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length and status != 304 else b""
        if status == 304 or (status == 200 and body.endswith(_END)):
            self.times[status].append(time.perf_counter() - began)
        else:
            self.errors[f"{status}, {len(body)} bytes"] += 1
        if tag := _ETAG.search(head):
            self.etags[path] = tag[1]
            self.versions.add(tag[1])


def main() -> None:
    """Print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=10)
    seconds: int = parser.parse_args().seconds
    with TemporaryDirectory() as folder, served(init(Path(folder)).home) as (home, port):
        paths = [f"/ical/{path.name}" for path in sorted((home.feeds / "private").glob("*.ics"))]
        poll = Poll(port, paths, time.perf_counter() + seconds)
        # In a process of its own: a thread that writes calendars would keep the clients waiting.
        beside = get_context("spawn").Process(target=sync_on, args=(home, poll.until))
        beside.start()
        asyncio.run(poll.run())
        with urlopen(f"http://127.0.0.1:{port}/opened", timeout=60) as answer:
            opened = int(answer.read())
        beside.join()
        assert beside.exitcode == 0, "a sync failed"
    tell(poll, seconds, opened)


def tell(poll: Poll, seconds: int, opened: int) -> None:
    """The table, and what it does not say."""
    title = f"{CLIENTS} clients, {LISTINGS} feeds, {seconds} s beside syncs"
    table = Table("answer", "requests", "a second", "p50 ms", "p99 ms", "slowest ms", title=title)
    known, whole = poll.times[304], poll.times[200]
    for status, times in {"200": whole, "304": known, "all": [*whole, *known]}.items():
        ordered = [1000 * each for each in sorted(times)]
        places = (len(ordered) // 2, len(ordered) * 99 // 100, -1)
        counts = (f"{len(ordered):,}", f"{len(ordered) / seconds:,.0f}")
        table.add_row(status, *counts, *(f"{ordered[place]:,.0f}" for place in places))
    share = len(known) / len([*whole, *known])
    console = Console()
    console.print(table)
    console.print(f"Errors: {poll.errors.total()} {dict(poll.errors) or ''}")
    console.print(
        f"304: {len(known):,} of {poll.conditional:,} conditional requests, {share:.0%} of all answers"
    )
    console.print(
        f"Calendars opened: {opened:,}, for {len(whole):,} whole answers of {len(poll.versions)} versions"
    )


def counting() -> FastAPI:
    """The app that is served, with a count of the calendars that this process has opened."""
    opened = Counter[bool]()

    def note(event: str, details: tuple[object, ...]) -> None:
        if event == "open":
            opened[str(details[0]).endswith(".ics")] += 1

    sys.addaudithook(note)
    app = real()
    app.add_api_route("/opened", lambda: opened[True])
    return app


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
    here = ("--app-dir", str(Path(__file__).parent))
    app = {f"{real.__module__}:{real.__name__}": f"{Path(__file__).stem}:{counting.__name__}"}
    command = [app.get(word, word) for word in http_program("127.0.0.1", port).command]
    server = subprocess.Popen([sys.executable, "-m", *command, *here], env=env)
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


def sync_on(home: Home, until: float) -> None:
    """One sync after the other, in which every calendar has a stay more than before."""
    for number in range(1, 1_000):
        moment = MORNING + number * timedelta(minutes=20)
        write_calendars(home.folder, LISTINGS, STAYS + number, moment, moved=False)
        in_its_own_process(home, moment)
        if time.perf_counter() > until:
            return


if __name__ == "__main__":
    main()
