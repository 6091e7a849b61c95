"""Programs are kept alive, one after the other, and end together with all that they started."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from queue import Queue
from select import select
from threading import Event, Thread

import pytest

from rentalsync_pipeline.automation.supervising import Service, dagster_services, supervise

PATIENCE = 60


def _program(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


class Keeper:
    """Supervises in a thread, and lets a test wait for what is reported."""

    def __init__(self, *services: Service) -> None:
        self.stop = Event()
        self.reports: Queue[str] = Queue()
        self._thread = Thread(target=supervise, args=(services, os.environ, self.stop, self.reports.put))
        self._thread.start()

    def reported(self) -> str:
        return self.reports.get(timeout=PATIENCE)

    def end(self) -> None:
        self.stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


def test_what_ends_by_itself_is_reported_and_started_again() -> None:
    keeper = Keeper(Service("pages", _program("raise SystemExit(3)")))
    assert keeper.reported() == "pages ended (exit code 3); starting it again in 1 s"
    assert keeper.reported() == "pages ended (exit code 3); starting it again in 2 s"
    keeper.end()


def test_stopping_ends_a_program_and_all_that_it_started(tmp_path: Path) -> None:
    """Both hold the same pipe open: it comes to its end when neither is left."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code = (
        "import subprocess, sys, time\n"
        f"pipe = open({str(pipe)!r}, 'w')\n"
        "child = 'import time; time.sleep(600)'\n"
        "subprocess.Popen([sys.executable, '-c', child], stdout=pipe)\n"
        "print('started', file=pipe, flush=True)\n"
        "time.sleep(600)"
    )
    keeper = Keeper(Service("daemon", _program(code)))
    with pipe.open() as end:
        assert end.readline() == "started\n"
        keeper.end()
        assert select([end], [], [], PATIENCE)[0]
        assert end.read() == ""


def test_the_next_program_waits_until_the_one_before_listens(tmp_path: Path) -> None:
    order = tmp_path / "order"
    address = tmp_path / "socket"
    keeper = Keeper(
        Service(
            "code server",
            _program(
                "import socket, time\n"
                f"open({str(order)!r}, 'a').write('server ')\n"
                "listener = socket.socket(socket.AF_UNIX)\n"
                f"listener.bind({str(address)!r}); listener.listen()\n"
                "time.sleep(600)"
            ),
            socket=address,
        ),
        Service("pages", _program(f"open({str(order)!r}, 'a').write('pages')")),
    )
    assert keeper.reported().startswith("pages ended")
    assert order.read_text().startswith("server pages")
    keeper.end()


@pytest.mark.parametrize("module", ["dagster", "dagster_webserver", "dagster._daemon"])
def test_the_programs_are_those_of_this_environment(module: str, tmp_path: Path) -> None:
    services = dagster_services("127.0.0.1", 3000, tmp_path)
    assert [service.name for service in services] == ["code server", "pages", "daemon"]
    assert all(service.command[0] == sys.executable for service in services)
    assert module in {service.command[2] for service in services}
    assert (tmp_path / "workspace.yaml").is_file()
