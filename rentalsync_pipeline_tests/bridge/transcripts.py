"""Console transcripts of a page, played again: every command is run, every answer compared.

`…` stands for anything within a line; alone on a line, for any number of lines. `NAME=…` is remembered
for the commands that follow.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"([A-Z_]+)=")
_ADDRESS = "127.0.0.1:8000"


@dataclass(frozen=True)
class Step:
    """A command and what the page says that it answers."""

    command: str
    answer: str


def steps(page: Path, address: str) -> Iterator[Step]:
    """All steps of a page, in their order; our server is at that address instead of the page's."""
    text = page.read_text(encoding="utf-8").replace(_ADDRESS, address)
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, answer = step.partition("\n")
            yield Step(command, answer)


def unlike(told: Iterable[Step], env: Mapping[str, str]) -> dict[str, str]:
    """What those commands printed that did not print what the page says."""
    wrong, known = {}, dict(env)
    for step in told:
        name = _NAME.match(step.command)
        printed = _play(f'{step.command}\nprintf %s "${name[1]}"' if name else step.command, known)
        if name:
            known[name[1]] = printed
        elif not _is_as_told(step, printed):
            wrong[step.command] = printed
    return wrong


def _play(command: str, env: Mapping[str, str]) -> str:
    """Run a command as a person would; returns what it prints."""
    done = subprocess.run(
        ["/bin/sh", "-c", command], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout.replace("\r\n", "\n")


def _is_as_told(step: Step, printed: str) -> bool:
    """Whether a command printed what the page says."""
    lines = (
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in step.answer.splitlines()
    )
    return re.fullmatch("".join(lines), printed.rstrip("\n") + "\n" if printed else "") is not None
