"""docs/how-to/webhooks.md: its YAML, its calls with real curl and openssl, its table."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
from pathlib import Path

import pytest

from rentalsync_pipeline.channels.registry import accounts
from rentalsync_pipeline_tests.bridge.transcripts import steps, unlike
from rentalsync_pipeline_tests.cli.conftest import synced
from rentalsync_pipeline_tests.cli.shell import Shell

__all__ = ["synced"]

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "webhooks.md"
SECRET = "canary-of-hospitable"


def test_the_table_is_what_the_channels_say() -> None:
    rows = [
        f"| `{name}` | {its.proof.words if its.proof.is_theirs else 'our secret'} | {its.setup} |"
        for name, its in ((name, channel.webhook) for name, channel in accounts().items())
        if its.setup
    ]
    assert re.findall(r"^\| `.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE) == rows


@pytest.fixture
def portfolio(synced: Shell, tmp_path: Path) -> Shell:
    """A copy of the example, with the account of the page."""
    shutil.copytree(synced.folder, tmp_path / "portfolio")
    shell = Shell(tmp_path / "portfolio" / synced.home.name)
    (entry,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    with (shell.folder / "rentalsync.yaml").open("a", encoding="utf-8") as config:
        config.write(entry)
    (shell.folder / "secrets.env").write_text(f"HOSPITABLE_TOKEN=x\nHOSPITABLE_WEBHOOK={SECRET}\n")
    (shell.folder / "secrets.env").chmod(0o600)
    shell("apply")
    return shell


@pytest.fixture
def env(portfolio: Shell, tmp_path: Path) -> dict[str, str]:
    """An environment in which `rentalsync` is ours."""
    program = tmp_path / "bin" / "rentalsync"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -W ignore -m rentalsync_pipeline "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join((str(program.parent), os.environ["PATH"]))
    return {**os.environ, **portfolio.env, "PATH": path, "HOSPITABLE_WEBHOOK": SECRET}


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("curl") is None or shutil.which("openssl") is None, reason="curl or openssl is missing"
)
def test_every_call_is_answered_as_the_page_tells_it(portfolio: Shell, env: dict[str, str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    told = list(steps(PAGE, f"127.0.0.1:{port}"))
    with portfolio.started("serve", "--port", port, STANDALONE_MODE="true") as server:
        assert server.stdout
        server.stdout.readline()
        wrong = unlike(told, env)
        server.terminate()
        _, said = server.communicate()
    assert len(told) > 8
    assert wrong == {}
    assert SECRET not in said
    assert "key=" not in said
