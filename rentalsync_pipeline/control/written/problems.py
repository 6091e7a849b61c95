"""What is wrong with a configuration, in words that say where and what to do.

Belongs here: the values. Does not: finding problems (`yaml_lines`, `entries`, `checks`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

Steps = tuple[str | int, ...]
"""The way to a value in the YAML: keys and positions."""


_KEY = re.compile(r"[\w /.-]{1,40}")


class WrongValueError(ValueError):
    """A value that can't be used: why, and what to write instead. Quotes nothing that may be secret."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one line of a file, counted from 1; `path` is the key: `listings[2].feed.style`."""

    file: Path
    line: int
    path: str
    message: str
    remedy: str

    def __str__(self) -> str:
        key = f"{self.path}: " if self.path else ""
        return f"{self.file}:{self.line}: {key}{self.message}; {self.remedy}"


class ConfigError(Exception):
    """A configuration that was not applied: everything that is wrong with it, in order of lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.path)))
        super().__init__("\n".join(map(str, self.problems)))


def written(steps: Steps) -> str:
    """Steps as people write them: `connections[3].url`; a key that may be a pasted URL is left out."""
    keys = (step if isinstance(step, int) or _KEY.fullmatch(step) else "…" for step in steps)
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".")
