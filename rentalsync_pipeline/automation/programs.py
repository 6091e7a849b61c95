"""The programs of `rentalsync up`: Dagster's code server, pages and daemon, and the HTTP side.

Belongs here: which they are, how each is called, and how one process becomes one of them. Does not: keeping
them alive (`supervising`), what the daemon does (`starting`).
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.context import ForkProcess, SpawnProcess
from multiprocessing.process import BaseProcess
from pathlib import Path

from rentalsync_pipeline.automation.instance import instance_of
from rentalsync_pipeline.control.home import Home

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What tells a program to end."""

_DEFINITIONS = "rentalsync_pipeline.definitions"
_APP = "rentalsync_pipeline.bridge.app"
_COMMON = (
    "dagster._daemon.cli",
    "dagster._grpc.server",
    "dagster_webserver.cli",
    "uvicorn",
    _DEFINITIONS,
    _APP,
)
"""What the programs consist of."""

_Process: type[BaseProcess] = ForkProcess if sys.platform == "linux" else SpawnProcess
"""A forked process shares what is loaded. Elsewhere than on Linux, libraries of the system forbid it."""


@dataclass(frozen=True, slots=True)
class Program:
    """A module and its arguments, to run all the time; the next one waits until it listens on `socket`."""

    name: str
    command: tuple[str, ...]
    socket: Path | None = None

    def start(self) -> BaseProcess:
        """A new process that is this program; it leads a process group, and all that it starts is in it."""
        process = _Process(target=_become, args=(self.command,), name=self.name)
        process.start()
        with suppress(OSError):  # as the child does, whoever of both comes first
            os.setpgid(process.pid or 0, process.pid or 0)
        return process


@contextmanager
def shared_memory() -> Iterator[None]:
    """Load once what all programs consist of, for those that are started inside: 390 MB in all, not 540.

    Frozen, because the garbage collector writes into everything that it looks at, and what is written to is
    not shared any more.
    """
    for module in _COMMON:
        import_module(module)
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def make_instance(home: Home) -> None:
    """Let one process alone make the Dagster instance, before several open it; see `instance`."""
    process = _Process(target=_open_instance, args=(home,))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def http_program(host: str, port: int) -> Program:
    """The calendars and the API; the environment says whose, and who is let in."""
    quiet = ("--log-level", "warning", "--no-access-log", "--no-proxy-headers", "--no-server-header")
    bounded = ("--http", "rentalsync_pipeline.bridge.server:BoundedProtocol")
    address = ("--host", host, "--port", str(port))
    return Program(
        "calendars and API", ("uvicorn", "--factory", f"{_APP}:served", *address, *quiet, *bounded)
    )


def dagster_programs(ui: tuple[str, int] | None, folder: Path) -> tuple[Program, ...]:
    """The one code server, the daemon, and the pages where they have an address. They meet in `folder`.

    Left to themselves, pages and daemon would each start a code server of its own, of 200 MB. The location
    has a name, because schedules and sensors remember under it whether they are on.
    """
    code, workspace = folder / "code", folder / "workspace.yaml"
    location = {"grpc_server": {"socket": str(code), "location_name": "rentalsync"}}
    workspace.write_text(json.dumps({"load_from": [location]}), encoding="utf-8")
    serve = ("api", "grpc", "--socket", str(code), "--log-level", "warning", "-m", _DEFINITIONS)
    programs = [
        Program("code server", ("dagster", *serve), socket=code),
        Program(
            "daemon", ("dagster._daemon", "run", "--log-level", "warning", "--workspace", str(workspace))
        ),
    ]
    if ui:
        quiet = ("--suppress-warnings", "--dagster-log-level", "warning")
        address = ("--host", ui[0], "--port", str(ui[1]))
        pages = ("dagster_webserver", *address, *quiet, "--workspace", str(workspace))
        programs.append(Program("pages", pages))
    return tuple(programs)


def _open_instance(home: Home) -> None:
    with instance_of(home):
        pass


def _become(command: tuple[str, ...]) -> None:
    """Be that program, as if this process had been started with `python -m`."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in set(ENDING) - {signal.SIGINT}:
        signal.signal(number, signal.SIG_DFL)
    sys.argv = list(command)
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
