"""Policies to compare: small YAML files with the keys of a connection's `absence:`.

Belongs here: reading them. Does not: what the keys mean (`core.portfolio.AbsencePolicy`), trying them out
(`backtest`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import ValidationError

from rentalsync_pipeline.control.written import complaints, yaml_lines
from rentalsync_pipeline.control.written.entries import AbsenceEntry
from rentalsync_pipeline.control.written.problems import ConfigError, Problem, written
from rentalsync_pipeline.core.portfolio import AbsencePolicy


@dataclass(frozen=True, slots=True)
class Policy:
    """An absence policy with a name to know it by."""

    name: str
    absence: AbsencePolicy


DEFAULT = Policy("default", AbsencePolicy())


def read_policy(path: Path) -> Policy:
    """The policy of a file, named after it; keys that are left out have their defaults.

    Raises `ConfigError` with everything that is wrong with the file.
    """
    try:
        yaml = yaml_lines.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise _wrong(path, 1, "can't be read as UTF-8 text", "name a small YAML file") from None
    except yaml_lines.UnreadableYamlError as error:
        raise _wrong(path, error.line, error.message, "correct this line or the one above") from None
    found = list(yaml.findings)
    try:
        entry = AbsenceEntry.model_validate(yaml.data or {})
    except ValidationError as error:
        found += complaints.findings(AbsenceEntry, error, ())
    if found:
        raise ConfigError(
            Problem(path, yaml.line(steps), written(steps), message, remedy)
            for steps, message, remedy in found
        )
    wait, quarantine = timedelta(minutes=entry.minutes), timedelta(hours=entry.quarantine_hours)
    return Policy(path.stem, AbsencePolicy(entry.misses, wait, quarantine))


def _wrong(path: Path, line: int, message: str, remedy: str) -> ConfigError:
    return ConfigError([Problem(path, line, "", message, remedy)])
