"""Living with `up`: what it holds of a small box's memory, and how soon it does what it is asked."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import dagster as dg
import jwt
import pytest
from dagster._core.launcher.base import WorkerStatus
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.automation.instance import instance_of
from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.estate import EXAMPLES, settle

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="measures by Linux' /proc"),
]

SECRET = "a secret of a project, long enough"
PATIENCE = 180
WEBSITE = "studio-website"
AT_REST = 5
"""Processes: `up` and its four programs."""


@dataclass(frozen=True)
class Living:
    """A running `up` with everything in it, of the example portfolio."""

    process: int
    http: int
    ui: int
    instance: dg.DagsterInstance
    gate: Event
    """While it is not set, the website's calendar does not answer: a sync that asks for it does not end."""

    def ask(self, path: str, method: str = "GET") -> Any:
        said = {"sub": "amy", "aud": "authenticated", "exp": time.time() + 600}
        user = jwt.encode(said | {"app_metadata": {"role": "operator"}}, SECRET, "HS256")
        request = urllib.request.Request(f"http://127.0.0.1:{self.http}{path}", method=method)
        request.add_header("Authorization", f"Bearer {user}")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def sync(self, end_as: dg.DagsterRunStatus = dg.DagsterRunStatus.SUCCESS) -> Iterator[dg.RunRecord]:
        """Ask for a sync, and tell of its run again and again until it has ended."""
        before = {record.dagster_run.run_id for record in self.instance.get_run_records()}
        answer = self.ask(f"/api/v1/channel-connections/{WEBSITE}/sync", "POST")
        assert answer["sync_status"] == "in_progress"
        end = time.monotonic() + PATIENCE
        run = None
        while run is None or not run.dagster_run.is_finished:
            assert time.monotonic() < end, "the sync does not end"
            time.sleep(0.1)
            new = (each for each in self.instance.get_run_records() if each.dagster_run.run_id not in before)
            if run := next(new, None):
                yield run
        assert run.dagster_run.status is end_as


def process_of(run: dg.RunRecord) -> int:
    """The number of a started run's process; 0 before it has begun and after it was told to end."""
    is_running = run.dagster_run.status is dg.DagsterRunStatus.STARTED
    return int(run.dagster_run.tags.get(keys.PROCESS_TAG, 0)) if is_running else 0


def family(process: int) -> list[int]:
    """A process and all that came of it."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = [process]
    for each in found:
        found += [child for child, parent in pairs if parent == each]
    return found


def held(process: int) -> float:
    """MB of memory in which a process and all that came of it are; what several share counts once.

    That is what the Pss of Linux says: each process' part of what it shares. The resident sizes, added up,
    would count a page as often as it is shared, and most are: the programs are forked from one.
    """
    kilobytes = 0
    for each in family(process):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
        kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def website() -> Iterator[tuple[str, Event]]:
    """A calendar that answers while the gate is open, and its address."""
    gate = Event()
    gate.set()

    def answer(_request: Request) -> Response:
        gate.wait(PATIENCE)
        return Response((EXAMPLES / "calendars" / "studio-scraper.ics").read_bytes())

    with HTTPServer(threaded=True) as server:
        server.expect_request("/studio.ics").respond_with_handler(answer)
        yield server.url_for("/studio.ics"), gate
        gate.set()


@pytest.fixture(scope="module")
def living(website: tuple[str, Event], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """`up` as a user starts it, after the sync that it begins with."""
    url, gate = website
    home = settle(tmp_path_factory.mktemp("living") / "portfolio")
    text = home.config.read_text(encoding="utf-8").replace("calendars/studio-scraper.ics", url)
    home.config.write_text(
        text.replace("settings:", "settings:\n  allow_private: [127.0.0.1]"), encoding="utf-8"
    )
    shell = Shell(home.path)
    shell.process("apply")
    ui, http = free_port(), free_port()
    words = ("up", "--port", str(ui), "--http-port", str(http))
    env = {"CHANNEL_MANAGER_ENABLED": "true", "SUPABASE_JWT_SECRET": SECRET, "RENTALSYNC_API_KEY": "k" * 32}
    with pytest.MonkeyPatch.context() as patch, shell.started(*words, **env) as program:
        patch.setenv("DAGSTER_HOME", str(home.dagster))
        with instance_of(home) as instance:
            _wait_for_a_sync(instance)
            yield Living(program.pid, http, ui, instance, gate)
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=60)


def _wait_for_a_sync(instance: dg.DagsterInstance) -> None:
    end = time.monotonic() + PATIENCE
    while not instance.get_runs_count(dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS])):
        assert time.monotonic() < end, "nothing is synced"
        time.sleep(0.5)


def test_with_everything_in_it_up_lives_in_600_mb(living: Living) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{living.ui}/", timeout=20) as answer:
        assert answer.status == 200
    assert living.ask("/api/v1/channel-connections")
    while len(family(living.process)) > AT_REST:
        time.sleep(0.2)
    assert held(living.process) < 450
    assert max(held(living.process) for _ in living.sync()) < 600


def test_nothing_else_runs_in_the_process_that_the_others_are_forked_from(living: Living) -> None:
    assert len(list(Path(f"/proc/{living.process}/task").iterdir())) == 1


def test_what_is_asked_for_is_picked_up_at_the_next_look_and_started(living: Living) -> None:
    asked = time.time()
    *_, run = living.sync()
    assert run.start_time
    assert run.dagster_run.tags["rentalsync/asked_by"].startswith("amy")
    # The daemon looks every 5 s, the queue is looked at every second, and a run is forked. Others may be at
    # work here, too.
    assert run.create_timestamp.timestamp() - asked < 15
    assert run.start_time - asked < 30


def test_a_run_is_interrupted_by_whoever_looks_at_it(living: Living) -> None:
    living.gate.clear()
    for run in living.sync(end_as=dg.DagsterRunStatus.CANCELED):
        if process_of(run):
            assert living.instance.run_launcher.terminate(run.dagster_run.run_id)
    living.gate.set()


def test_a_run_whose_process_is_killed_is_known_to_be_dead_and_the_next_one_takes_over(
    living: Living,
) -> None:
    launcher = living.instance.run_launcher
    living.gate.clear()
    killed = next(run for run in living.sync() if process_of(run))
    assert launcher.check_run_worker_health(killed.dagster_run).status is WorkerStatus.RUNNING
    os.kill(process_of(killed), signal.SIGKILL)
    while launcher.check_run_worker_health(killed.dagster_run).status is WorkerStatus.RUNNING:
        time.sleep(0.1)
    living.gate.set()
    *_, _ = living.sync()
    dead = living.instance.get_run_by_id(killed.dagster_run.run_id)
    assert dead
    assert dead.status is dg.DagsterRunStatus.FAILURE
