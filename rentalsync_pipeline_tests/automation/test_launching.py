"""Runs are forked for whoever asks; their processes are told from what became of them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import dagster as dg
import pytest
from dagster._core.launcher.base import LaunchRunContext, WorkerStatus

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.automation.launching import ADDRESS, ForkedRuns, Runs
from rentalsync_pipeline.automation.supervising import supervise

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def run_of(process: int | None) -> dg.DagsterRun:
    return dg.DagsterRun(job_name="sync", tags={} if process is None else {keys.PROCESS_TAG: str(process)})


def health(process: int | None) -> WorkerStatus:
    return ForkedRuns().check_run_worker_health(run_of(process)).status


def test_a_run_lives_as_long_as_its_process() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert health(os.getpid()) is WorkerStatus.RUNNING
    assert health(ended.pid) is WorkerStatus.FAILED


def test_of_a_run_that_is_not_ours_nothing_bad_is_believed() -> None:
    assert health(None) is WorkerStatus.RUNNING


def test_without_an_up_dagster_starts_runs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)
    with pytest.raises(dg.DagsterInvariantViolationError, match="requires a workspace"):
        ForkedRuns().launch_run(LaunchRunContext(run_of(None), None))


@pytest.mark.parametrize("said", [b"", b"\n", b"no JSON\n"])
def test_who_asks_for_nothing_gets_nothing_and_disturbs_nobody(tmp_path: Path, said: bytes) -> None:
    address, stop, told = tmp_path / "runs", Event(), list[str]()
    with Runs.at(address) as runs, socket.socket(socket.AF_UNIX) as asker:
        keeper = Thread(target=supervise, args=((), runs, stop, told.append))
        keeper.start()
        asker.connect(str(address))
        asker.sendall(said)
        asker.shutdown(socket.SHUT_WR)
        assert asker.recv(100) == b""
        assert keeper.is_alive()
        stop.set()
        keeper.join(20)
    assert told == []
