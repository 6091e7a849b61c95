"""`${NAME}`: values that live outside the configuration, and the `secrets.env` that may hold them.

Belongs here: reading, resolving and adding variables. Does not: encrypting what is stored (`vault`).
A variable is looked up when its value is needed, so that a changed one takes effect without `apply`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from rentalsync_pipeline.control.written.files import PRIVATE, write_atomically

SECRETS_NAME = "secrets.env"
"""The file of variables, beside the configuration."""

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LINE = re.compile(r"""(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<quote>["']?)(?P<value>.*)(?P=quote)""")


class MissingVariable(LookupError):
    """A `${NAME}` that is set neither in the environment nor in secrets.env."""

    def __init__(self, name: str, file: Path) -> None:
        super().__init__(f"{name} is not set: put `{name}=…` into {file}, or into the environment")
        self.name = name


class Variables:
    """The environment, and behind it one `secrets.env`. Shows neither."""

    def __init__(self, file: Path, env: Mapping[str, str] = os.environ) -> None:
        self.file = file
        self._env, self._kept = env, _read(file, _stamp(file))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self._find(name))

    def resolve(self, text: str) -> str:
        """`text`, or what it stands for where it is a reference; an empty variable counts as missing.

        A reference inside a URL is replaced by its value, percent-encoded: any password fits there.
        """
        if reference := REFERENCE.fullmatch(text):
            return self._value(reference)
        return REFERENCE.sub(lambda inside: quote(self._value(inside), safe=""), text)

    def _value(self, reference: re.Match[str]) -> str:
        value = self._find(reference[1])
        if not value:
            raise MissingVariable(reference[1], self.file)
        return value

    def _find(self, name: str) -> str | None:
        return self._env.get(name) or self._kept.get(name)


def add_variable(file: Path, name: str, value: str) -> None:
    """Append `name` to a `secrets.env`, which is made, or kept, readable by its owner only."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if text and not text.endswith("\n"):
        text += "\n"
    write_atomically(file, f"{text}{name}={value}\n", mode=PRIVATE)


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4)
def _read(file: Path, stamp: tuple[int, int] | None) -> Mapping[str, str]:
    """The variables of a file, read again only when it has changed: a sync asks once per connection."""
    if stamp is None:
        return {}
    lines = (_LINE.fullmatch(line.strip()) for line in file.read_text(encoding="utf-8").splitlines())
    return {line["name"]: line["value"] for line in lines if line and line["value"]}
