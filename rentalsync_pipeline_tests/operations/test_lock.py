"""One sync at a time, whatever becomes of the one that holds the lock."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rentalsync_pipeline.operations.lock import SyncRunning, is_held, sync_lock

HOLD = """
import sys
from pathlib import Path
from rentalsync_pipeline.operations.lock import sync_lock
with sync_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "sync.lock"


@pytest.fixture
def holder(lock: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def take(lock: Path, wait: float = 0) -> None:
    with sync_lock(lock, wait):
        pass


def test_nobody_else_gets_in(lock: Path, holder: subprocess.Popen[bytes]) -> None:
    assert is_held(lock)
    with pytest.raises(SyncRunning, match="another sync of this home is running"):
        take(lock)


def test_who_waits_gets_in_when_the_other_is_done(lock: Path, holder: subprocess.Popen[bytes]) -> None:
    assert holder.stdin
    holder.stdin.close()
    take(lock, wait=60)
    assert not is_held(lock)


def test_the_lock_of_a_killed_process_is_free(lock: Path, holder: subprocess.Popen[bytes]) -> None:
    holder.kill()
    holder.wait()
    assert not is_held(lock)
    take(lock)


def test_a_sync_that_fails_lets_go(lock: Path) -> None:
    with pytest.raises(RuntimeError), sync_lock(lock):
        raise RuntimeError
    assert not is_held(lock)
