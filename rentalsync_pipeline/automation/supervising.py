"""Keeping everything alive: Dagster's code server, pages and daemon, and the HTTP side, under one process.

Belongs here: which programs `rentalsync up` runs, starting them again, ending them together. Does not:
signals and words (`cli.up`), what the daemon does (`starting`). Nothing of Dagster is imported: the process
that watches the others stays small.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

_DELAYS = (1, 2, 5, 15, 60)
"""Seconds before the first, second, … restart in a row; the last for all that follow."""
_STEADY = 120
"""Whoever has run for so many seconds starts anew without a record."""
_GRACE = 20
"""Seconds to end by itself; then it is killed."""
_LOOK = 0.2


@dataclass(frozen=True, slots=True)
class Service:
    """A program that is to run all the time; the next one waits until something listens on its `socket`."""

    name: str
    command: tuple[str, ...]
    socket: Path | None = None


def make_instance(env: Mapping[str, str]) -> None:
    """Let one process alone make the Dagster instance, before several open it; see `instance`."""
    information = [sys.executable, "-m", "dagster", "instance", "info"]
    subprocess.run(information, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def dagster_services(host: str, port: int, folder: Path) -> tuple[Service, ...]:
    """The one code server; the pages, on `host` and `port`; the daemon. They meet in `folder`.

    Left to themselves, pages and daemon would each start a code server of its own, of 200 MB. The location
    has a name, because schedules and sensors remember under it whether they are on.
    """
    code, workspace = folder / "code", folder / "workspace.yaml"
    location = {"grpc_server": {"socket": str(code), "location_name": "rentalsync"}}
    workspace.write_text(json.dumps({"load_from": [location]}), encoding="utf-8")
    python, shared = (sys.executable, "-m"), ("--workspace", str(workspace))
    serve = ("dagster", "api", "grpc", "--socket", str(code), "--log-level", "warning")
    pages = ("--host", host, "--port", str(port), "--suppress-warnings", "--dagster-log-level", "warning")
    return (
        Service("code server", (*python, *serve, "-m", "rentalsync_pipeline.definitions"), socket=code),
        Service("pages", (*python, "dagster_webserver", *pages, *shared)),
        Service("daemon", (*python, "dagster._daemon", "run", "--log-level", "warning", *shared)),
    )


def http_service(host: str, port: int) -> Service:
    """The calendars and the API; the environment says whose, and who is let in."""
    app = ("--factory", "rentalsync_pipeline.bridge.app:served")
    quiet = ("--log-level", "warning", "--no-access-log", "--no-proxy-headers", "--no-server-header")
    bounded = ("--http", "rentalsync_pipeline.bridge.server:BoundedProtocol")
    address = ("--host", host, "--port", str(port))
    return Service("calendars and API", (sys.executable, "-m", "uvicorn", *app, *address, *quiet, *bounded))


def supervise(
    services: Sequence[Service], env: Mapping[str, str], stop: Event, report: Callable[[str], None]
) -> None:
    """Run all services, one after the other, until `stop` is set; return when they have ended.

    One that ends by itself is reported and started again, after a while that grows. Each has a process
    group of its own, so that a Ctrl-C in the terminal reaches it once, through us.
    """
    keepers = [Thread(target=_keep, args=(service, env, stop, report)) for service in services]
    for service, keeper in zip(services, keepers, strict=True):
        keeper.start()
        while not _listens(service) and not stop.wait(_LOOK):
            pass
    for keeper in keepers:
        keeper.join()


def _listens(service: Service) -> bool:
    if service.socket is None:
        return True
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(service.socket)) == 0


def _keep(service: Service, env: Mapping[str, str], stop: Event, report: Callable[[str], None]) -> None:
    failures = 0
    while not stop.is_set():
        began = time.monotonic()
        child = subprocess.Popen(service.command, env=env, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        while child.poll() is None and not stop.wait(_LOOK):
            pass
        _end(child)
        if not stop.is_set():
            failures = 0 if time.monotonic() - began > _STEADY else failures
            delay = _DELAYS[min(failures, len(_DELAYS) - 1)]
            failures += 1
            report(f"{service.name} ended (exit code {child.returncode}); starting it again in {delay} s")
            stop.wait(delay)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a child and all that it started, also what it left behind."""
    _signal(child.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        child.wait(_GRACE)
    _signal(child.pid, signal.SIGKILL)
    child.wait()


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)
