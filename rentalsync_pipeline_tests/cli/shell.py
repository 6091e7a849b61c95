"""A shell for tests: the real commands on a real home, in this process or in one of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from rentalsync_pipeline.cli import cli


@dataclass(frozen=True)
class Shell:
    """Runs `rentalsync` for one home."""

    home: Path

    @property
    def folder(self) -> Path:
        return self.home.parent

    @property
    def env(self) -> dict[str, str]:
        return {
            "RENTALSYNC_HOME": str(self.home),
            "DAGSTER_HOME": str(self.home / "dagster"),
            "DAGSTER_DISABLE_TELEMETRY": "1",
        }

    def __call__(self, *words: str, code: int = 0) -> Result:
        """Run a command here; it must end with `code`."""
        result = CliRunner(env=self.env).invoke(cli, words, prog_name="rentalsync")
        assert result.exit_code == code, result.output + repr(result.exception)
        return result

    def json(self, *words: str, code: int = 0) -> Any:
        """The one document that a command prints."""
        return json.loads(self(*words, "--json", code=code).stdout)

    @contextmanager
    def started(self, *words: str, **env: str) -> Iterator[subprocess.Popen[str]]:
        """A command that runs in a process of its own, ended when the block ends."""
        program = subprocess.Popen(
            [sys.executable, "-m", "rentalsync_pipeline", *words],
            env=os.environ | self.env | env,
            cwd=self.folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            yield program
        finally:
            program.terminate()
            program.wait(60)

    def process(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "rentalsync_pipeline", *words],
            env=os.environ | self.env | env,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
