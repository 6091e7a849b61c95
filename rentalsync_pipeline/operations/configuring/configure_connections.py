"""Changing connections by other means than the file: one at a time, all or nothing.

Belongs here: adding, changing and removing one. Does not: what an entry must satisfy
(`control.written.single`), the file (`apply`, which keeps such changes and shows them as drift). None of it
frees a night: what a connection told of stays until another source shows it, it ends, or a person frees it
(`reconfigure`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rentalsync_pipeline.channels.registry import ways
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.document import CONNECTIONS, Document
from rentalsync_pipeline.control.written.merge import DanglingError
from rentalsync_pipeline.control.written.references import dangling
from rentalsync_pipeline.control.written.single import connection_from
from rentalsync_pipeline.control.written.variables import Variables
from rentalsync_pipeline.operations.reading import UnknownError


class ConnectionTaken(ValueError):
    """There is a connection of that id."""


def add_connection(
    control: ControlStore, name: str, given: Mapping[str, Any], who: str, now: datetime
) -> None:
    """Add a connection; `given` are the keys of the YAML. Raises `ConnectionTaken` or `WrongValueError`."""
    with control.configuring(who, now) as configuration:
        stored = configuration.stored()
        if name in stored.rows(CONNECTIONS):
            raise ConnectionTaken(f"the id `{name}` is in use by another connection")
        configuration.replace(stored, with_connection(control, stored, name, given))


def change_connection(
    control: ControlStore, name: str, given: Mapping[str, Any], who: str, now: datetime
) -> None:
    """Change the keys of a connection that are given. Raises `UnknownError` or `WrongValueError`."""
    with control.configuring(who, now) as configuration:
        stored = configuration.stored()
        _refuse_unknown(stored, name)
        configuration.replace(stored, with_connection(control, stored, name, given))


def remove_connection(control: ControlStore, name: str, who: str, now: datetime) -> None:
    """Take a connection away. Raises `UnknownError`, or `DanglingError` where another refers to it."""
    with control.configuring(who, now) as configuration:
        stored = configuration.stored()
        _refuse_unknown(stored, name)
        rest = {key: row for key, row in stored.rows(CONNECTIONS).items() if key != name}
        after = stored.with_rows(CONNECTIONS, rest)
        if referring := sorted({key for key, _lost in dangling(after)}):
            raise DanglingError(f"{', '.join(referring)} imports {name}: change that first")
        configuration.replace(stored, after)


def _refuse_unknown(stored: Document, name: str) -> None:
    if name not in stored.rows(CONNECTIONS):
        raise UnknownError("Connection not found")


def with_connection(control: ControlStore, stored: Document, name: str, given: Mapping[str, Any]) -> Document:
    """What is stored, with a connection that is new or has other keys; raises `WrongValueError`."""
    rows = stored.rows(CONNECTIONS)
    variables = Variables(control.home.secrets, os.environ)
    row = connection_from({**given, "id": name}, rows.get(name, {}), stored, ways(), variables)
    return stored.with_rows(CONNECTIONS, {**rows, name: row})
