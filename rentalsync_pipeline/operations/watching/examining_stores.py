"""What `doctor` asks the control store.

Belongs here: a function a check, from configuration and operational state to a finding. Does not: files
(`examining_files`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from rentalsync_pipeline.channels.registry import ways
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.merge import Action
from rentalsync_pipeline.control.written.problems import ConfigError
from rentalsync_pipeline.control.written.variables import MissingVariable
from rentalsync_pipeline.operations.configuring.apply import apply
from rentalsync_pipeline.operations.health import Finding, Level, fail, warn, well
from rentalsync_pipeline.operations.watching.examining_files import Patient
from rentalsync_pipeline.operations.watching.status import status

_PUSHED = (Action.ADD, Action.UPDATE, Action.KEEP)
"""What an application would do, or at least say, about a file that is not what was applied."""
_MISSED = 4
"""Intervals without any sync after which nothing seems to start them."""


def configuration(patient: Patient, control: ControlStore) -> Finding:
    """Whether rentalsync.yaml is right, and is what was applied."""
    file = patient.home.config
    try:
        plan = apply(
            control, file, channels=ways(), env=patient.env, who="doctor", now=patient.now, dry_run=True
        )
    except ConfigError as error:
        return fail(str(error.problems[0]), f"correct {file.name}; {len(error.problems)} to correct in all")
    if waiting := sum(plan.counts[action] for action in _PUSHED):
        return warn(f"{file.name} says {waiting} things that are not applied", "`rentalsync apply`")
    drift = plan.counts[Action.DRIFT]
    return well(f"as in {file.name}" + (f", but for {drift} changed by other means" if drift else ""))


def variables(patient: Patient, control: ControlStore) -> Finding:
    """Whether every `${NAME}` that the configuration refers to has a value."""
    missing = set()
    connections = control.portfolio(patient.env).connections
    referring: list[Callable[[Mapping[str, str]], object]] = [
        partial(control.url_of, connection.id) for connection in connections if connection.listing
    ]
    for resolve in (*referring, control.alerts):
        try:
            resolve(patient.env)
        except MissingVariable as error:
            missing.add(error.name)
    if missing:
        return fail(f"not set: {', '.join(sorted(missing))}", "put `NAME=value` into secrets.env")
    return well("all are set")


def clock(patient: Patient, control: ControlStore) -> Finding:
    """Whether time has gone forward since the last sync."""
    last = control.last_sync()
    if last is not None and last > patient.now:
        return fail(
            f"the last sync ran as of {last:%Y-%m-%d %H:%M} UTC, which is yet to come",
            "set this machine's clock; syncs wait until that moment",
        )
    return well(f"{patient.now:%Y-%m-%d %H:%M} UTC")


def schedule(patient: Patient, control: ControlStore) -> Finding:
    """Whether something starts syncs."""
    last = control.last_sync()
    if last is None:
        return warn("there was no sync yet", "`rentalsync sync`, and then `rentalsync up`")
    longest = max(
        (each.interval for each in control.portfolio(patient.env).connections), default=timedelta.max
    )
    if (patient.now - last) / longest > _MISSED:
        return warn(
            f"no sync since {last:%Y-%m-%d %H:%M} UTC", "`rentalsync up`, or a timer for `rentalsync sync`"
        )
    return well(f"last sync {last:%Y-%m-%d %H:%M} UTC")


def public_url(patient: Patient, control: ControlStore) -> Finding:
    """Whether feeds have an address."""
    url = control.portfolio(patient.env).settings.public_url
    if url is None:
        return warn("there is none: channels can't be given a feed's URL", "`public_url:` in rentalsync.yaml")
    return well(url)


def audit(patient: Patient, control: ControlStore) -> Finding:
    """Whether the audit log is as it was written, and holds the head that lies in the home."""
    found = control.audit.verify()
    if found.fault:
        return fail(
            found.fault, "compare with a backup; after restoring an older database, delete audit.head"
        )
    return well(f"{found.rows} rows, all as written")


def connections(patient: Patient, control: ControlStore) -> Finding:
    """Whether every connection has answered lately."""
    standing = status(control, patient.now).connections
    silent = [each.connection for each in standing if each.level is not Level.OK]
    if silent:
        some = ", ".join(silent[:5])
        return warn(f"{len(silent)} of {len(standing)} have no fresh answer: {some}", "`rentalsync status`")
    return well(f"all {len(standing)} have answered lately")
