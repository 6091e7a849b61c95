"""Where one portfolio keeps its things: the home folder, and how it is found.

Belongs here: paths, and the environment variables that move them. Does not: making the folder
(`operations.configuring.setup`), opening what lies in it (`control.store`, the warehouse).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rentalsync_pipeline.control.written.variables import SECRETS_NAME

CONFIG_NAME = "rentalsync.yaml"
HOME_NAME = ".rentalsync"


class HomeNotFound(Exception):
    """There is no home where we looked; the message says where that was and how to make one."""


@dataclass(frozen=True, slots=True)
class Home:
    """A home folder, absolute. `rentalsync.yaml` and `secrets.env` lie beside it."""

    path: Path
    database_url: str | None = field(default=None, repr=False)
    """Another place for the control store; holds a password, as a rule."""

    @property
    def folder(self) -> Path:
        """Where the configuration lies; relative paths in it count from here."""
        return self.path.parent

    @property
    def config(self) -> Path:
        """The `rentalsync.yaml` that this home belongs to."""
        return self.folder / CONFIG_NAME

    @property
    def secrets(self) -> Path:
        """The variables that the configuration refers to, where the environment lacks them."""
        return self.folder / SECRETS_NAME

    @property
    def control_url(self) -> str:
        """The control store's database, as an SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.path / 'control.db'}"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that only the steps of a sync open."""
        return self.path / "warehouse.duckdb"

    @property
    def snapshot(self) -> Path:
        """The small DuckDB file for everybody who only reads."""
        return self.path / "snapshot.duckdb"

    @property
    def bodies(self) -> Path:
        """The fetched answers that are kept."""
        return self.path / "bodies"

    @property
    def spool(self) -> Path:
        """The fetched answers on their way into the warehouse."""
        return self.path / "spool"

    @property
    def lock(self) -> Path:
        """Locked while a sync runs."""
        return self.path / "sync.lock"

    @property
    def keys(self) -> Path:
        """The keys that encrypt the secrets in the control store; mode 0600, one a line, the first writes."""
        return self.path / "secret.key"

    @property
    def feed_key(self) -> Path:
        """The secret from which feed tokens and UIDs derive; mode 0600, part of every backup."""
        return self.path / "feed.key"

    @property
    def audit_head(self) -> Path:
        """The hash of the newest row of the audit log, beside the database that has the log."""
        return self.path / "audit.head"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME."""
        return self.path / "dagster"

    @property
    def feeds(self) -> Path:
        """Where feeds are written unless told otherwise."""
        return self.folder / "feeds"


def find_home(
    explicit: str | None = None, *, env: Mapping[str, str] = os.environ, cwd: Path | None = None
) -> Home:
    """The home to work in: `--home`, else `RENTALSYNC_HOME`, else the one of the nearest `rentalsync.yaml`.

    Nearest means `cwd` or a folder above it. Raises `HomeNotFound` where that leads to no folder.
    """
    here = Path.cwd() if cwd is None else cwd
    path = _chosen(explicit or env.get("RENTALSYNC_HOME"), here)
    if not path.is_dir():
        raise HomeNotFound(f"there is no home at {path}: `rentalsync init` makes one")
    return Home(path, database_url=env.get("RENTALSYNC_DATABASE_URL") or env.get("DATABASE_URL") or None)


def find_feeds(home: Home, explicit: str | None = None, *, env: Mapping[str, str] = os.environ) -> str:
    """Where feeds are written, a path or an fsspec URL: `--feeds`, `RENTALSYNC_FEEDS`, beside the YAML."""
    return explicit or env.get("RENTALSYNC_FEEDS") or str(home.feeds)


def _chosen(named: str | None, here: Path) -> Path:
    if named:
        return (here / Path(named).expanduser()).resolve()
    for folder in (here, *here.parents):
        if (folder / CONFIG_NAME).is_file():
            return (folder / HOME_NAME).resolve()
    raise HomeNotFound(
        f"no {CONFIG_NAME} in {here} or above: `rentalsync init` makes one, `--home` names one"
    )
