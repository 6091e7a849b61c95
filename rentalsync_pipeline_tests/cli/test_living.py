"""Living with `up`: what it holds of a small box's memory, and how soon it does what it is asked."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import jwt
import pytest

from rentalsync_pipeline.automation.instance import instance_of
from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.estate import settle

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="measures by Linux' /proc"),
]

SECRET = "a secret of a project, long enough"
PATIENCE = 180
AT_REST = 6
"""Processes: `up`, its four programs, and what cleans up after Python's `multiprocessing`."""


@dataclass(frozen=True)
class Living:
    """A running `up` with everything in it, of the example portfolio."""

    process: int
    http: int
    ui: int
    instance: dg.DagsterInstance

    def ask(self, path: str, method: str = "GET") -> Any:
        said = {"sub": "amy", "aud": "authenticated", "exp": time.time() + 600}
        user = jwt.encode(said | {"app_metadata": {"role": "operator"}}, SECRET, "HS256")
        request = urllib.request.Request(f"http://127.0.0.1:{self.http}{path}", method=method)
        request.add_header("Authorization", f"Bearer {user}")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def sync(self) -> Iterator[dg.RunRecord | None]:
        """Ask for a sync, and tell of its run again and again until it has ended."""
        before = {record.dagster_run.run_id for record in self.instance.get_run_records()}
        answer = self.ask("/api/v1/channel-connections/loft-airbnb/sync", "POST")
        assert answer["sync_status"] == "in_progress"
        end = time.monotonic() + PATIENCE
        run = None
        while run is None or not run.dagster_run.is_finished:
            assert time.monotonic() < end, "the sync does not end"
            time.sleep(0.1)
            new = (each for each in self.instance.get_run_records() if each.dagster_run.run_id not in before)
            yield (run := next(new, None))
        assert run.dagster_run.status is dg.DagsterRunStatus.SUCCESS


def family(process: int) -> list[int]:
    """A process and all that came of it."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = [process]
    for each in found:
        found += [child for child, parent in pairs if parent == each]
    return found


def held(process: int, kind: str = "Pss") -> float:
    """MB of memory in which a process and all that came of it are; what several share counts once.

    That is what the Pss of Linux says: each process' part of what it shares. The resident sizes, added up,
    would count shared pages as often as they are shared. `Pss_Anon` leaves programs and libraries out, which
    the system can drop and read again.
    """
    kilobytes = 0
    for each in family(process):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
        kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:"))
    return kilobytes / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """`up` as a user starts it, after the sync that it begins with."""
    home = settle(tmp_path_factory.mktemp("living") / "portfolio")
    shell = Shell(home.path)
    shell.process("apply")
    ui, http = free_port(), free_port()
    words = ("up", "--port", str(ui), "--http-port", str(http))
    env = {"CHANNEL_MANAGER_ENABLED": "true", "SUPABASE_JWT_SECRET": SECRET, "RENTALSYNC_API_KEY": "k" * 32}
    with pytest.MonkeyPatch.context() as patch, shell.started(*words, **env) as program:
        patch.setenv("DAGSTER_HOME", str(home.dagster))
        with instance_of(home) as instance:
            _wait_for_a_sync(instance)
            yield Living(program.pid, http, ui, instance)
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
    assert max(held(living.process, "Pss_Anon") for _ in living.sync()) < 600


def test_nothing_else_runs_in_the_process_that_the_others_are_forked_from(living: Living) -> None:
    assert len(list(Path(f"/proc/{living.process}/task").iterdir())) == 1


def test_what_is_asked_for_is_picked_up_at_the_next_look(living: Living) -> None:
    asked = time.time()
    *_, run = living.sync()
    assert run
    assert run.dagster_run.tags["rentalsync/asked_by"].startswith("amy")
    # The daemon looks every 5 s; here others may be at work, too.
    assert run.create_timestamp.timestamp() - asked < 10
