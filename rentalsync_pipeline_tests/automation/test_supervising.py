"""Programs are kept alive, one after the other, and end together with all that they started."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from select import select
from threading import Event, Thread

import pytest

from rentalsync_pipeline.automation.launching import Runs
from rentalsync_pipeline.automation.programs import Program
from rentalsync_pipeline.automation.supervising import supervise

PATIENCE = 60

# The programs are forked from a thread of this process; those of other tests stand still meanwhile.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

Make = Callable[[str, str], tuple[str, ...]]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes the command of a program that does what the code says."""
    monkeypatch.syspath_prepend(tmp_path)

    def module(name: str, code: str) -> tuple[str, ...]:
        (tmp_path / f"{name}.py").write_text(code)
        return (name, "word")

    return module


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    with Runs.at(tmp_path / "runs") as found:
        yield found


def supervised(runs: Runs, *programs: Program, reports: int) -> list[str]:
    """What is reported of the programs, ended after so many reports."""
    stop, told = Event(), list[str]()

    def report(line: str) -> None:
        told.append(line)
        if len(told) == reports:
            stop.set()

    supervise(programs, runs, stop, report)
    return told


def test_what_ends_by_itself_is_reported_and_started_again(runs: Runs, make: Make) -> None:
    pages = Program("pages", make("ending", "raise SystemExit(3)"))
    assert supervised(runs, pages, reports=2) == [
        "pages ended (exit code 3); starting it again in 1 s",
        "pages ended (exit code 3); starting it again in 2 s",
    ]


def test_a_program_sees_itself_as_if_python_had_been_started_with_it(
    runs: Runs, make: Make, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    code = (
        "import os, signal, sys\n"
        "mine = __name__, sys.argv[1:], os.getpgid(0) == os.getpid(), signal.getsignal(signal.SIGTERM)\n"
        f"open({str(seen)!r}, 'w').write(repr(mine))"
    )
    supervised(runs, Program("pages", make("seeing", code)), reports=1)
    assert seen.read_text() == "('__main__', ['word'], True, <Handlers.SIG_DFL: 0>)"


def test_stopping_ends_a_program_and_all_that_it_started(runs: Runs, make: Make, tmp_path: Path) -> None:
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
    stop = Event()
    keeper = Thread(target=supervise, args=([Program("daemon", make("parent", code))], runs, stop, sys.exit))
    keeper.start()
    with pipe.open() as end:
        assert end.readline() == "started\n"
        stop.set()
        keeper.join(PATIENCE)
        assert not keeper.is_alive()
        assert select([end], [], [], PATIENCE)[0]
        assert end.read() == ""


def test_the_next_program_waits_until_the_one_before_listens(runs: Runs, make: Make, tmp_path: Path) -> None:
    order, address = tmp_path / "order", tmp_path / "socket"
    listening = (
        "import socket, time\n"
        f"open({str(order)!r}, 'a').write('server ')\n"
        "listener = socket.socket(socket.AF_UNIX)\n"
        f"listener.bind({str(address)!r}); listener.listen()\n"
        "time.sleep(600)"
    )
    writing = f"open({str(order)!r}, 'a').write('pages')"
    (told,) = supervised(
        runs,
        Program("code server", make("listening", listening), socket=address),
        Program("pages", make("writing", writing)),
        reports=1,
    )
    assert told.startswith("pages ended")
    assert order.read_text() == "server pages"
