"""Starting Dagster's runs: forked from the process of `up`, where all that a run consists of is loaded.

Belongs here: what the daemon asks of that process, over a socket in a folder of theirs, and what it answers.
Does not: when a sync starts (`starting`), which programs run all the time (`programs`).

A run that starts by itself loads Dagster first: 4 seconds of the processor and 100 MB that every sync pays.
"""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

from dagster import DagsterRun, DefaultRunLauncher
from dagster._core.launcher.base import CheckRunHealthResult, LaunchRunContext, WorkerStatus
from dagster._grpc.types import ExecuteRunArgs
from dagster._serdes import serialize_value

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.automation.programs import Program

ADDRESS = "RENTALSYNC_LAUNCHER"
"""The variable with the path of the socket; whoever has none starts runs as Dagster does."""
_PATIENCE = 10
"""Seconds for one question and its answer, between two processes of ours."""


class ForkedRuns(DefaultRunLauncher):
    """The `run_launcher` in the dagster.yaml of a home. Without an `up` it does what Dagster does."""

    def launch_run(self, context: LaunchRunContext) -> None:
        """Have the run forked, and note on it which process it is."""
        address, run, origin = os.environ.get(ADDRESS), context.dagster_run, context.job_code_origin
        if address is None or origin is None:
            super().launch_run(context)
            return
        arguments = ExecuteRunArgs(origin, run.run_id, self._instance.get_ref())
        process = _ask(address, ("dagster", "api", "execute_run", serialize_value(arguments)))
        self._instance.add_run_tags(run.run_id, {keys.PROCESS_TAG: str(process)})

    def terminate(self, run_id: str) -> bool:
        """Interrupt the run, as Ctrl-C does."""
        run = self._instance.get_run_by_id(run_id)
        process = _process_of(run)
        if run is None or process is None:
            return bool(super().terminate(run_id))  # type: ignore[no-untyped-call]
        if run.is_finished or not _lives(process):
            return False
        self._instance.report_run_canceling(run)
        os.kill(process, signal.SIGINT)
        return True

    @property
    def supports_check_run_worker_health(self) -> bool:
        """So that Dagster's monitoring marks a run as failed whose process was killed."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Whether its process lives; of a run that Dagster itself started nothing is known."""
        process = _process_of(run)
        if process is None or _lives(process):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.FAILED, "its process was killed")


class Runs:
    """The other end: forks what it is asked for, and keeps the processes until they have ended."""

    def __init__(self, listener: socket.socket) -> None:
        self.processes: list[BaseProcess] = []
        self._listener = listener

    @classmethod
    @contextmanager
    def at(cls, address: Path) -> Iterator[Runs]:
        """Runs that can be asked for there."""
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(address))
            listener.listen()
            yield cls(listener)

    def look(self, seconds: float) -> None:
        """Wait so long for somebody who asks, and forget who has ended."""
        self.processes = [process for process in self.processes if process.is_alive()]
        self._listener.settimeout(seconds)
        with suppress(TimeoutError):
            asker, _ = self._listener.accept()
            with asker, suppress(OSError, ValueError):
                self._answer(asker)

    def _answer(self, asker: socket.socket) -> None:
        asker.settimeout(_PATIENCE)
        with asker.makefile("rw") as stream:
            process = Program("run", tuple(json.loads(stream.readline()))).start()
            self.processes.append(process)
            stream.write(f"{process.pid}\n")


def _ask(address: str, command: tuple[str, ...]) -> int:
    with socket.socket(socket.AF_UNIX) as asker:
        asker.settimeout(_PATIENCE)
        asker.connect(address)
        with asker.makefile("rw") as stream:
            stream.write(json.dumps(command) + "\n")
            stream.flush()
            return int(stream.readline())


def _process_of(run: DagsterRun | None) -> int | None:
    number = run.tags.get(keys.PROCESS_TAG) if run else None
    return int(number) if number else None


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
