"""`up`."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import click

from rentalsync_pipeline.automation.launching import ADDRESS, Runs
from rentalsync_pipeline.automation.programs import (
    ENDING,
    dagster_programs,
    http_program,
    make_instance,
    shared_memory,
)
from rentalsync_pipeline.automation.supervising import supervise
from rentalsync_pipeline.bridge.settings import BridgeSettings, refuse_open_doors
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, feeds_option
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.operations.configuring.access import counts

_LOOPBACK = "127.0.0.1"


@command("up", "rentalsync up --port 3000")
@click.option("--ui/--no-ui", default=True, help="With Dagster's pages, or without: 75 MB less.")
@click.option("--ui-host", metavar="ADDRESS", help="To show them to others, too: they ask for no password.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=3000, show_default=True, help="Of Dagster's pages."
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
def run(
    desk: Desk,
    ui: bool,
    ui_host: str | None,
    port: int,
    http_host: str | None,
    http_port: int,
    feeds: str | None,
) -> None:
    """Live with it: syncs on schedule, Dagster's pages to look at, calendars and API; Ctrl-C ends all.

    What stops is started again. `RENTALSYNC_SCHEDULES=off` shows the pages without starting any sync. The API
    is on as soon as somebody may use it: see `rentalsync token`.
    """
    pages = (ui_host or _LOOPBACK, port) if ui else None
    http = (http_host or _LOOPBACK, http_port)
    if pages:
        _refuse_taken(pages, "--port")
    _refuse_taken(http, "--http-port")
    with desk.control() as control:
        home, has_tokens = control.home, counts(control)
    has_api = _is_api_wanted(http_host, has_tokens=has_tokens)
    told = {"pages": pages and _url(pages), "http": _url(http), "api": has_api}
    os.environ.update(_environment(home, feeds, _url(pages) if pages else "", has_api=has_api))
    stop = Event()
    for number in ENDING:
        signal.signal(number, lambda *_: stop.set())
    desk.answer(told, lambda: _show(told))
    with shared_memory(), TemporaryDirectory(prefix="rentalsync-") as folder:
        make_instance(home)
        os.environ[ADDRESS] = f"{folder}/runs"
        programs = (http_program(*http), *dagster_programs(pages, Path(folder)))
        with Runs.at(Path(os.environ[ADDRESS])) as runs:
            supervise(programs, runs, stop, output.say)


def _is_api_wanted(host: str | None, *, has_tokens: bool) -> bool:
    """Whether anybody may use the API; raises `BridgeError` where everybody could."""
    settings = BridgeSettings.of(os.environ)
    if settings.feeds_only or not (has_tokens or settings.knows_somebody):
        return False
    refuse_open_doors(settings, host or _LOOPBACK, has_tokens=has_tokens, is_host_chosen=host is not None)
    return True


def _environment(home: Home, feeds: str | None, pages: str, *, has_api: bool) -> dict[str, str]:
    """What all programs are told of the home that they work for."""
    return {
        "DAGSTER_HOME": os.environ.get("DAGSTER_HOME", str(home.dagster)),
        "RENTALSYNC_DAGSTER_URL": os.environ.get("RENTALSYNC_DAGSTER_URL", pages),
        "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", "ignore"),
        "RENTALSYNC_HOME": str(home.path),
        "RENTALSYNC_FEEDS_ONLY": str(not has_api).lower(),
        **({"RENTALSYNC_FEEDS": feeds} if feeds else {}),
    }


def _url(address: tuple[str, int]) -> str:
    return f"http://{address[0]}:{address[1]}"


def _show(told: Mapping[str, object]) -> None:
    if told["pages"]:
        output.show_line(f"Dagster's pages, in a few seconds: {told['pages']}")
    output.show_line(f"Calendars{' and API' if told['api'] else ''}: {told['http']}")
    if told["api"]:
        output.show_line(f"Board, listings, integrations: {told['http']}/admin")
    else:
        output.show_line("Board and API: first `rentalsync token create --role admin me`, then start again")


def _refuse_taken(address: tuple[str, int], option: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise click.UsageError(
                f"port {address[1]}: {error.strerror}; choose another with `{option}`"
            ) from None
