"""`up`."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import click

from rentalsync_pipeline.automation.supervising import dagster_services, make_instance, supervise
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, feeds_option

_LOOPBACK = "127.0.0.1"
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@command("up", "rentalsync up --port 3000")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=3000,
    show_default=True,
    help="Of Dagster's pages, on this machine only.",
)
@feeds_option
def run(desk: Desk, port: int, feeds: str | None) -> None:
    """Live with it: syncs on schedule, and Dagster's pages to look at; Ctrl-C ends both.

    What stops is started again. `RENTALSYNC_SCHEDULES=off` shows the pages without starting any sync.
    """
    _refuse_taken(port)
    with desk.control() as control:
        home = control.home
    env = {
        "DAGSTER_HOME": str(home.dagster),
        "PYTHONWARNINGS": "ignore",
        **os.environ,
        "RENTALSYNC_HOME": str(home.path),
        **({"RENTALSYNC_FEEDS": feeds} if feeds else {}),
    }
    make_instance(env)
    stop = Event()
    for number in _ENDING:
        signal.signal(number, lambda *_: stop.set())
    url = f"http://{_LOOPBACK}:{port}"
    desk.answer({"url": url}, lambda: output.show_line(f"Dagster's pages, in a few seconds: {url}"))
    with TemporaryDirectory(prefix="rentalsync-") as folder:
        supervise(dagster_services(_LOOPBACK, port, Path(folder)), env, stop, output.say)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, port))
        except OSError as error:
            raise click.UsageError(f"port {port}: {error.strerror}; choose another with `--port`") from None
