"""docs/how-to/serve.md, played from its first line to its last with the example portfolio and real curl."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from rentalsync_pipeline_tests.bridge.transcripts import steps, unlike
from rentalsync_pipeline_tests.cli.conftest import synced
from rentalsync_pipeline_tests.cli.shell import Shell

__all__ = ["synced"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "serve.md"


@pytest.fixture
def portfolio(synced: Shell, tmp_path: Path) -> Shell:
    """A copy of the synced example, to be changed."""
    shutil.copytree(synced.folder, tmp_path / "portfolio")
    return Shell(tmp_path / "portfolio" / synced.home.name)


@pytest.fixture
def env(portfolio: Shell, tmp_path: Path) -> dict[str, str]:
    """An environment in which `rentalsync` is ours and whose TOKEN is an admin's."""
    program = tmp_path / "bin" / "rentalsync"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -W ignore -m rentalsync_pipeline "$@"\n')
    program.chmod(0o755)
    token = portfolio.json("token", "create", "--role", "admin", "desk")["token"]
    path = os.pathsep.join((str(program.parent), os.environ["PATH"]))
    return {**os.environ, **portfolio.env, "PATH": path, "TOKEN": token}


def test_every_answer_is_as_the_page_tells_it(portfolio: Shell, env: dict[str, str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    told = [step for step in steps(PAGE, f"127.0.0.1:{port}") if not step.command.startswith("TOKEN=")]
    (start,) = [step for step in told if step.command == "rentalsync serve"]
    with portfolio.started("serve", "--port", port) as server:
        assert server.stdout
        assert server.stdout.readline() == start.answer
        wrong = unlike((step for step in told if step is not start), env)
        server.terminate()
        server.communicate()
    assert len(told) > 10
    assert wrong == {}
