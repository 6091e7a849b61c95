"""`up`."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import click

from rentalsync_pipeline.automation.supervising import (
    dagster_services,
    http_service,
    make_instance,
    supervise,
)
from rentalsync_pipeline.bridge.settings import BridgeSettings, refuse_open_doors
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, feeds_option
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.operations.configuring.access import counts

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
@click.option("--http-host", metavar="ADDRESS", help="To show calendars and API to others, too.")
@click.option(
    "--http-port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Of the calendars and the API.",
)
@feeds_option
def run(desk: Desk, port: int, http_host: str | None, http_port: int, feeds: str | None) -> None:
    """Live with it: syncs on schedule, Dagster's pages to look at, calendars and API; Ctrl-C ends all.

    What stops is started again. `RENTALSYNC_SCHEDULES=off` shows the pages without starting any sync. The API
    is on as soon as somebody may use it: see `rentalsync token`.
    """
    address = http_host or _LOOPBACK
    _refuse_taken(_LOOPBACK, port, "--port")
    _refuse_taken(address, http_port, "--http-port")
    settings = BridgeSettings.of(os.environ)
    with desk.control() as control:
        home, has_tokens = control.home, counts(control)
    has_api = not settings.feeds_only and (has_tokens or settings.knows_somebody)
    if has_api:
        refuse_open_doors(settings, address, has_tokens=has_tokens, is_host_chosen=http_host is not None)
    env = _environment(home, feeds, has_api=has_api)
    make_instance(env)
    stop = Event()
    for number in _ENDING:
        signal.signal(number, lambda *_: stop.set())
    pages, http = f"http://{_LOOPBACK}:{port}", f"http://{address}:{http_port}"
    desk.answer({"pages": pages, "http": http, "api": has_api}, lambda: _show(pages, http, has_api=has_api))
    with TemporaryDirectory(prefix="rentalsync-") as folder:
        services = (http_service(address, http_port), *dagster_services(_LOOPBACK, port, Path(folder)))
        supervise(services, env, stop, output.say)


def _environment(home: Home, feeds: str | None, *, has_api: bool) -> dict[str, str]:
    """What all programs are told of the home that they work for."""
    return {
        "DAGSTER_HOME": str(home.dagster),
        "PYTHONWARNINGS": "ignore",
        **os.environ,
        "RENTALSYNC_HOME": str(home.path),
        "RENTALSYNC_FEEDS_ONLY": str(not has_api).lower(),
        **({"RENTALSYNC_FEEDS": feeds} if feeds else {}),
    }


def _show(pages: str, http: str, *, has_api: bool) -> None:
    output.show_line(f"Dagster's pages, in a few seconds: {pages}")
    output.show_line(f"Calendars{' and API' if has_api else ''}: {http}")


def _refuse_taken(address: str, port: int, option: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise click.UsageError(f"port {port}: {error.strerror}; choose another with `{option}`") from None
