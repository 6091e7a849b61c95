"""What `doctor` looks at on the disk.

Belongs here: a function a check, from the home's files to a finding. Does not: what the control store knows
(`examining_stores`).
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.vault import KEY_VARIABLES, parse_key
from rentalsync_pipeline.control.written.files import TooOpenError, read_private
from rentalsync_pipeline.operations.health import Finding, fail, warn, well
from rentalsync_pipeline.operations.lock import SyncRunning, sync_lock
from rentalsync_pipeline.publishing import names
from rentalsync_pipeline.publishing.manifest import NAME as MANIFEST
from rentalsync_pipeline.warehouse.warehouse import Warehouse

_GROUP_AND_OTHERS, _OTHERS = 0o077, 0o007
_WEB_ROOTS = frozenset({"public_html", "htdocs", "wwwroot", "html"})
"""Folders that a web server shows as a whole, by custom."""


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined: a home, where its feeds go, and the circumstances."""

    home: Home
    feeds: str
    env: Mapping[str, str] = field(repr=False)
    now: datetime


def python(_patient: Patient) -> Finding:
    """Which Python runs this."""
    return well(f"{platform.python_implementation()} {platform.python_version()}")


def home(patient: Patient) -> Finding:
    """Whether only its owner can look into the home."""
    path = patient.home.path
    if path.stat().st_mode & _GROUP_AND_OTHERS:
        return warn(f"others on this machine can look into {path}", f"chmod 700 {path}")
    return well(str(path))


def keys(patient: Patient) -> Finding:
    """Whether the two keys are there, fit, and private."""
    for path in _key_files(patient):
        if not path.exists():
            return fail(f"{path} is missing", "take it from a backup; `rentalsync init` makes a first one")
        try:
            for line in read_private(path).split():
                parse_key(line, str(path))
        except TooOpenError as error:
            return fail(str(error), f"chmod 600 {path}")
    return well("there, and readable by their owner only")


def _key_files(patient: Patient) -> tuple[Path, ...]:
    given = any(patient.env.get(variable) for variable in KEY_VARIABLES)
    return (patient.home.feed_key,) if given else (patient.home.keys, patient.home.feed_key)


def secrets(patient: Patient) -> Finding:
    """Whether secrets.env, where there is one, is private."""
    path = patient.home.secrets
    if not path.exists():
        return well(f"there is no {path.name}")
    if path.stat().st_mode & _GROUP_AND_OTHERS:
        return fail(f"{path} can be read by others", f"chmod 600 {path}, and export its URLs anew")
    return well(f"{path.name} can be read by its owner only")


def feeds(patient: Patient) -> Finding:
    """Whether feeds can be written, to a place that no web server shows as a whole."""
    root = _folder(patient)
    if root is None:
        return well(patient.feeds)
    standing = next(folder for folder in (root, *root.parents) if folder.exists())
    if not os.access(standing, os.W_OK | os.X_OK):
        return fail(f"{standing} can't be written to", "let the user who syncs write there")
    if not _WEB_ROOTS.isdisjoint(root.parts):
        return warn(
            f"{root} looks like a web server's folder: it may show {names.PRIVATE}/ and {MANIFEST}",
            f"write feeds elsewhere and serve {names.PUBLIC}/ only",
        )
    return well(str(root))


def public_feeds(patient: Patient) -> Finding:
    """Whether anything lies in the public folder that must not be served."""
    root = _folder(patient)
    folder = root / names.PUBLIC if root else None
    if folder is None or not folder.is_dir():
        return well("nothing is published on this disk yet")
    wrong = sorted(path.name for path in folder.iterdir() if path.name in (MANIFEST, names.PRIVATE))
    if wrong:
        return fail(f"{folder} holds {', '.join(wrong)}, which names every feed", "move it out of there")
    return well(f"{folder}, to be served; {MANIFEST} lies outside")


def private_feeds(patient: Patient) -> Finding:
    """Whether everybody on this machine can read the owner's feeds."""
    root = _folder(patient)
    folder = root / names.PRIVATE if root else None
    if folder is None or not folder.is_dir():
        return well("nothing is published on this disk yet")
    if folder.stat().st_mode & _OTHERS:
        return fail(f"{folder} can be read by everybody on this machine", f"chmod o= {folder}")
    return well(f"{folder} is closed to others")


def dagster(patient: Patient) -> Finding:
    """Whether Dagster's own home was made, by one process, before others use it."""
    path = Path(patient.env.get("DAGSTER_HOME") or patient.home.dagster)
    if not (path / "dagster.yaml").exists():
        return warn(f"{path} has no dagster.yaml", "`rentalsync init` makes one")
    if path == patient.home.dagster and not (path / "history").is_dir():
        return warn(f"{path} has not been used yet", "`rentalsync sync`")
    return well(str(path))


def warehouse(patient: Patient) -> Finding:
    """Whether the warehouse opens; while a sync runs it belongs to that sync."""
    path = patient.home.warehouse
    if not path.exists():
        return well("there will be one after the first sync")
    try:
        with sync_lock(patient.home.lock), Warehouse.open(path, read_only=True):
            return well(f"opens, {path.stat().st_size / 1e6:,.1f} MB")
    except SyncRunning:
        return well("in use: a sync is running")


def _folder(patient: Patient) -> Path | None:
    """The folder of feeds; `None` for a bucket."""
    return None if "://" in patient.feeds else Path(patient.feeds).expanduser().resolve()
