"""Console transcripts of a page, played again: every command is run, every answer compared.

`…` stands for anything within a line; alone on a line, for any number of lines.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """A command and what the page says that it answers."""

    command: str
    answer: str


def steps(page: Path) -> Iterator[Step]:
    """All steps of a page, in their order."""
    for block in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, answer = step.partition("\n")
            yield Step(command, answer)


def play(step: Step, env: Mapping[str, str]) -> str:
    """Run a command as a person would; returns what it prints."""
    done = subprocess.run(
        ["/bin/sh", "-c", step.command], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout.replace("\r\n", "\n")


def is_as_told(step: Step, printed: str) -> bool:
    """Whether a command printed what the page says."""
    lines = (
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in step.answer.splitlines()
    )
    return re.fullmatch("".join(lines), printed.rstrip("\n") + "\n" if printed else "") is not None
