"""Homes for the commands: a fresh one for each test, and one that has been synced for all that only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.estate import MORNING, settle

AS_OF = ("--as-of", MORNING.isoformat())


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty portfolio."""
    return Shell(init(tmp_path, env={}).home.path)


@pytest.fixture(scope="session")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The example portfolio after its sync; tests only read it."""
    shell = Shell(settle(tmp_path_factory.mktemp("synced") / "portfolio").path)
    shell("apply")
    shell("sync", *AS_OF, code=2)
    return shell
