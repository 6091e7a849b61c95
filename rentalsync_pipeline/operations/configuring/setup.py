"""`init`: make a place to work in.

Belongs here: the files of a new portfolio and of its home. Does not: what users put into them (`connect`,
`apply`). Nothing that exists is overwritten, so that it can be run again at any time, and by anyone.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rentalsync_pipeline.control.home import HOME_NAME, Home, find_home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.vault import KEY_VARIABLES, new_key
from rentalsync_pipeline.control.written.files import PRIVATE, PUBLIC, write_atomically
from rentalsync_pipeline.control.written.variables import SECRETS_NAME

CONFIG = """\
# Listings and connections of this portfolio. After a change: `rentalsync apply`.
# `rentalsync add https://…` writes both for you from a pasted calendar URL.
version: 1
# public_url: https://calendars.example.com   # where your web server shows the feeds

settings:
  interval: 15m              # how often each connection is asked; 1m to 60m

defaults:                    # what a listing has unless it says otherwise
  timezone: UTC              # an IANA name, such as Europe/Rome
  check_in: "15:00"          # quoted: to YAML, a bare 15:00 is the number 900
  check_out: "11:00"

listings:
  # - slug: downtown-loft    # its name in commands, files and URLs: never change it
  #   name: Downtown Loft    # what calendars show
  #   timezone: America/New_York

connections:
  # - id: loft-airbnb
  #   channel: airbnb
  #   listing: downtown-loft
  #   url: ${LOFT_AIRBNB}    # a variable of secrets.env, as the URL opens the calendar to anybody
"""

SECRETS = """\
# One `NAME=value` a line; rentalsync.yaml refers to it as ${NAME}. Keep this file to yourself.
"""

DAGSTER = """\
# How Dagster keeps its own records. Everything that is published can be told without them.
telemetry:
  enabled: false
nux:
  enabled: false
storage:
  sqlite:
    base_dir:
      env: DAGSTER_HOME
run_coordinator:             # looks every second for a run to start, as channels call and people wait
  module: dagster
  class: QueuedRunCoordinator
  config:
    dequeue_interval_seconds: 1
run_launcher:                # with `rentalsync up`, a run is forked from what is loaded already
  module: rentalsync_pipeline.automation.launching
  class: ForkedRuns
run_monitoring:              # a run whose process died is marked as failed, and the next one takes over
  enabled: true
  start_timeout_seconds: 180
  max_runtime_seconds: 3600
run_retries:
  enabled: false             # the next sync is the retry
retention:                   # of ticks; runs are deleted by the maintenance job
  schedule:
    purge_after_days: 7
  sensor:
    purge_after_days:
      skipped: 1
      started: 7
      success: 7
      failure: 30
"""

IGNORED = (f"{HOME_NAME}/", SECRETS_NAME, ".env", "feeds/")
"""What must not end up in a repository: keys, URLs with tokens, guests' names."""


@dataclass(frozen=True, slots=True)
class Setup:
    """A home that is ready, and the files that had to be made or completed for it."""

    home: Home
    made: tuple[Path, ...]


class SetupError(Exception):
    """A home that was in use lacks a key; a new one would do harm."""


def init(folder: Path, *, env: Mapping[str, str] = os.environ) -> Setup:
    """Make whatever `folder` lacks of a portfolio, its home and a migrated control store included.

    Raises `SetupError` where a home that was in use has lost a key: another feed key would change every
    feed's URL, another encryption key would open none of its secrets.
    """
    folder = folder.resolve()
    home = Home(folder / HOME_NAME)
    keys = _keys(home, env)
    home.dagster.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.path.chmod(0o700)
    made = (*_new_files(home, keys), *_completed_files(home))
    home = find_home(str(home.path), env=env)
    ControlStore.open(home, env).close()
    return Setup(home, made)


def _keys(home: Home, env: Mapping[str, str]) -> tuple[Path, ...]:
    """The key files that the home must have: an encryption key may come from the environment instead."""
    given = any(env.get(variable) for variable in KEY_VARIABLES)
    keys = (home.feed_key,) if given else (home.feed_key, home.keys)
    used = (home.path / "control.db").exists()
    for key in keys:
        if used and not key.exists():
            raise SetupError(f"{key} is missing though {home.path} was in use: take it from a backup")
    return keys


def _new_files(home: Home, keys: Collection[Path]) -> Iterator[Path]:
    """Write what is not there, and tell what that was."""
    for path, text, mode in (
        (home.config, CONFIG, PUBLIC),
        (home.secrets, SECRETS, PRIVATE),
        *((key, f"{new_key()}\n", PRIVATE) for key in keys),
        (home.dagster / "dagster.yaml", DAGSTER, PUBLIC),
    ):
        if not path.exists():
            write_atomically(path, text, mode=mode)
            yield path


def _completed_files(home: Home) -> Iterator[Path]:
    """Add the lines that a file of the user's own may lack, and tell which files lacked some."""
    environment = {"DAGSTER_HOME": home.dagster, "RENTALSYNC_HOME": home.path}
    variables = [f"{name}={shlex.quote(str(value))}" for name, value in environment.items()]
    for path, lines in ((home.folder / ".env", variables), (home.folder / ".gitignore", IGNORED)):
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        there = {line.partition("=")[0].strip() for line in text.splitlines()}
        missing = [line for line in lines if line.partition("=")[0] not in there]
        if missing:
            separator = "" if text.endswith("\n") or not text else "\n"
            added = "\n".join(missing)
            mode = path.stat().st_mode & 0o777 if path.exists() else PUBLIC
            write_atomically(path, f"{text}{separator}{added}\n", mode=mode)
            yield path
