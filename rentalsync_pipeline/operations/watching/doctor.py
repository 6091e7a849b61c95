"""`doctor`: what would break, before it does.

Belongs here: the table of checks, and running them whatever happens. Does not: the checks themselves
(`examining_files` of what lies on the disk, `examining_stores` of what the control store knows).
Nothing is asked of any channel, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.health import Finding, Level, fail, well
from rentalsync_pipeline.operations.watching import examining_files as files
from rentalsync_pipeline.operations.watching import examining_stores as stores
from rentalsync_pipeline.operations.watching.examining_files import Patient

FILES: Mapping[str, Callable[[Patient], Finding]] = {
    "python": files.python,
    "home": files.home,
    "keys": files.keys,
    "secrets": files.secrets,
    "feeds": files.feeds,
    "public feeds": files.public_feeds,
    "private feeds": files.private_feeds,
    "dagster": files.dagster,
    "warehouse": files.warehouse,
}

STORES: Mapping[str, Callable[[Patient, ControlStore], Finding]] = {
    "configuration": stores.configuration,
    "variables": stores.variables,
    "clock": stores.clock,
    "schedule": stores.schedule,
    "public_url": stores.public_url,
    "audit log": stores.audit,
    "connections": stores.connections,
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check, with what it found."""

    name: str
    level: Level
    said: str
    remedy: str


def examine(patient: Patient) -> list[Check]:
    """Run every check. Where the control store doesn't open, those that need it are left out."""
    return [Check(name, found.level, found.said, found.remedy) for name, found in _findings(patient)]


def _findings(patient: Patient) -> Iterator[tuple[str, Finding]]:
    for name, check in FILES.items():
        yield name, _guarded(partial(check, patient))
    try:
        control = ControlStore.open(patient.home, patient.env)
    except Exception as error:
        yield "control store", _broken(error)
        return
    with closing(control):
        yield "control store", well("opens, and has every migration")
        for name, ask in STORES.items():
            yield name, _guarded(partial(ask, patient, control))


def _guarded(check: Callable[[], Finding]) -> Finding:
    """A check that breaks down has found something, too."""
    try:
        return check()
    except Exception as error:
        return _broken(error)


def _broken(error: Exception) -> Finding:
    return fail(str(error) or type(error).__name__, "")
