"""Keeping programs alive: starting what ended again, ending all together.

Belongs here: when, and after how long. Does not: which programs there are (`programs`), signals and words
(`cli.up`). No thread: programs are forked from this process, and a thread that holds a lock at that moment
would hold it in the child for ever.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.process import BaseProcess
from threading import Event

from rentalsync_pipeline.automation.launching import Runs
from rentalsync_pipeline.automation.programs import Program

_DELAYS = (1, 2, 5, 15, 60)
"""Seconds before the first, second, … restart in a row; the last for all that follow."""
_STEADY = 120
"""Whoever has run for so many seconds starts anew without a record."""
_GRACE = 20
"""Seconds to end by itself; then it is killed."""
_LOOK = 0.2


def supervise(programs: Sequence[Program], runs: Runs, stop: Event, report: Callable[[str], None]) -> None:
    """Run all programs, one started after the other, until `stop` is set; return when they have ended.

    Between two looks at them, `runs` are started that somebody asks for.

    One that ends by itself is reported and started again, after a while that grows. Each has a process
    group of its own, so that a Ctrl-C in the terminal reaches it once, through us.
    """
    waiting, kept = list(programs), list[_Kept]()
    while not stop.is_set():
        runs.look(_LOOK)
        if waiting and all(_listens(each.program) for each in kept):
            kept.append(_Kept(waiting.pop(0)))
        for each in kept:
            each.look(report)
    _end([*(each.process for each in kept), *runs.processes])


class _Kept:
    """A program that is running, or waits to be started again."""

    def __init__(self, program: Program) -> None:
        self.program, self.process, self._failures = program, program.start(), 0
        self._began = time.monotonic()
        self._again: float | None = None

    def look(self, report: Callable[[str], None]) -> None:
        """Note that it has ended, or start it again when it is time."""
        now = time.monotonic()
        if self._again is not None and now >= self._again:
            self.process, self._began, self._again = self.program.start(), now, None
        elif self._again is None and not self.process.is_alive():
            _end([self.process])
            failures = 0 if now - self._began > _STEADY else self._failures
            delay = _DELAYS[min(failures, len(_DELAYS) - 1)]
            self._failures, self._again = failures + 1, now + delay
            code = self.process.exitcode
            report(f"{self.program.name} ended (exit code {code}); starting it again in {delay} s")


def _listens(program: Program) -> bool:
    if program.socket is None:
        return True
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(program.socket)) == 0


def _end(processes: Sequence[BaseProcess]) -> None:
    """End programs and all that they started, also what they left behind."""
    end = time.monotonic() + _GRACE
    for process in processes:
        _signal(process, signal.SIGTERM)
    for process in processes:
        process.join(max(0, end - time.monotonic()))
        _signal(process, signal.SIGKILL)
        process.join()


def _signal(process: BaseProcess, number: signal.Signals) -> None:
    if process.pid:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
