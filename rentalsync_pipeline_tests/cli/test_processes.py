"""The real program, in processes of its own: exit codes, the demo twice, living with it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from threading import Event
from urllib.error import URLError

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.estate import settle
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation

pytestmark = pytest.mark.slow

PATIENCE = 120


@pytest.fixture
def example(tmp_path: Path) -> Shell:
    return Shell(settle(tmp_path / "examples").path)


def test_the_exit_code_of_the_process_is_that_of_the_command(shell: Shell) -> None:
    assert shell.process("status", "--json").returncode == 0
    assert shell.process("bogus").returncode == 64
    assert shell.process("status", "--home", "/nowhere", "--json").returncode == 64
    (shell.folder / "empty.ics").write_bytes(b"")
    assert shell.process("add", "empty.ics", "--listing", "loft").returncode == 0
    done = shell.process("sync", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["run"]["outcome"]["connections"][0]["verdict"] == "failed"
    assert done.stderr == f"home {shell.home}\n"


def test_the_demo_tells_its_story_and_played_again_changes_nothing(example: Shell) -> None:
    feeds = example.folder.parent / "feeds"
    words = ("demo", "--home", str(example.home), "--feeds", str(feeds))
    first = example.process(*words)
    assert (first.returncode, first.stderr) == (0, f"home {example.home}\n")
    told = " ".join(first.stdout.split())
    assert "certain double booking of 2 nights from 2026-12-31" in told
    assert "machiya-airbnb is broken on purpose" in told
    assert f"up --home .rentalsync --feeds {feeds}" in told
    before = {path: path.stat().st_mtime_ns for path in feeds.rglob("*") if path.is_file()}
    assert len(before) == 21
    second = example.process(*words)
    assert second.returncode == 0
    assert "This sync changed nothing" in second.stdout
    assert {path: path.stat().st_mtime_ns for path in feeds.rglob("*") if path.is_file()} == before


def test_every_command_that_the_demo_proposes_works(example: Shell) -> None:
    feeds = example.folder / "feeds"
    told = example.process("demo", "--home", str(example.home), "--feeds", str(feeds)).stdout
    lines = [line.strip() for line in told.partition("Look next:")[2].splitlines() if line.startswith("    ")]
    assert [line.split()[1] for line in lines] == ["up", lines[1].split()[1], "explain", "listings"]
    for line in lines[1:]:
        done = subprocess.run(["/bin/sh", "-c", line], cwd=example.folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_an_interrupted_sync_says_so_and_the_next_one_completes(shell: Shell, httpserver: HTTPServer) -> None:
    asked, answered = Event(), Event()

    def answer(_request: Request) -> Response:
        asked.set()
        answered.wait(PATIENCE)
        return Response(airbnb(reservation("HMANNA2345", "2099-12-01", 3)))

    httpserver.expect_request("/slow.ics").respond_with_handler(answer)
    config = shell.folder / "rentalsync.yaml"
    text = config.read_text().replace("settings:\n", "settings:\n  allow_private: [127.0.0.1]\n")
    config.write_text(text)
    shell("add", httpserver.url_for("/slow.ics"), "--listing", "loft")
    with shell.started("sync") as program:
        assert asked.wait(PATIENCE)
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=PATIENCE)
    answered.set()
    assert program.returncode == 1
    assert "error: the sync was interrupted" in err
    assert "Traceback" not in err
    assert shell.json("sync")["run"]["outcome"]["feeds_written"] == 3


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _asked(port: int, query: str) -> str:
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def _until(port: int, query: str, wanted: str) -> str:
    """The pages' answer as soon as it holds what is wanted."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            answer = _asked(port, query)
        except (URLError, OSError):
            answer = "no answer"
        if wanted in answer:
            return answer
        assert time.monotonic() < end, answer
        time.sleep(0.5)


LOCATIONS = "{workspaceOrError{...on Workspace{locationEntries{name locationOrLoadError{__typename}}}}}"
DAEMONS = "{instance{daemonHealth{allDaemonStatuses{daemonType healthy}}}}"


def _children(process: int) -> set[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(parent) for pid, parent in (line.split() for line in listed.splitlines())}
    found = {pid for pid, parent in parents.items() if parent == process}
    return found.union(*map(_children, found))


def test_up_shows_the_pages_runs_the_daemon_and_ends_both(example: Shell) -> None:
    port, http = _free_port(), _free_port()
    ports = ("--port", str(port), "--http-port", str(http))
    with example.started("up", *ports, RENTALSYNC_SCHEDULES="off") as program:
        _until(
            port, LOCATIONS, '"name":"rentalsync","locationOrLoadError":{"__typename":"RepositoryLocation"}'
        )
        _until(port, DAEMONS, '"daemonType":"SENSOR","healthy":true')
        children = _children(program.pid)
        assert len(children) >= 4
        with urllib.request.urlopen(f"http://127.0.0.1:{http}/health", timeout=10) as answer:
            assert json.load(answer)["status"] == "healthy"
        program.send_signal(signal.SIGTERM)
        out, err = program.communicate(timeout=60)
    assert (program.returncode, err) == (0, f"home {example.home}\n")
    assert out.splitlines() == [
        f"Dagster's pages, in a few seconds: http://127.0.0.1:{port}",
        f"Calendars: http://127.0.0.1:{http}",
        "Board and API: first `rentalsync token create --role admin me`, then start again",
    ]
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def test_up_refuses_a_port_that_is_taken(example: Shell) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = example.process("up", "--port", port)
    assert done.returncode == 64
    assert f"port {port}" in done.stderr
