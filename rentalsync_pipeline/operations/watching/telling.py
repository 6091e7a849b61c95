"""Saying what is new: at the end of a run that went well, and when one fails.

Belongs here: what is remembered as said, and when. Does not: what is wrong (`operations.watching.troubles`),
how it is sent (`operations.watching.sending`). What nobody took was not said: it is tried again after the
next sync.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rentalsync_pipeline.control.state import HEARTBEAT, Alert
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.variables import MissingVariable
from rentalsync_pipeline.core.alerts import Matter, Trouble, news
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.watching.sending import send
from rentalsync_pipeline.operations.watching.troubles import troubles

Report = Callable[[str], object]


def tell(stores: Stores, run: Run, job: str, report: Report) -> None:
    """At the end of a sync that went well: say what began and what is over, and send the heartbeat."""
    places = _places(stores.control, report)
    if any(_hears(place) for place in places):
        said = stores.control.said()
        _say(stores.control, places, [*troubles(stores, run), *_failures(said, other_than=job)], said, report)
    send([place for place in places if not _hears(place)], "", report)


def tell_failure(control: ControlStore, job: str, text: str, report: Report) -> None:
    """When a run of that job failed: once, until one goes well."""
    said = control.said()
    _say(control, _places(control, report), [*said, Trouble(Matter.FAILED_RUN, job, text)], said, report)


def tell_recovery(control: ControlStore, job: str, report: Report) -> None:
    """When a run of a job other than the sync went well."""
    said = control.said()
    standing = [trouble for trouble in said if trouble.key != (Matter.FAILED_RUN, job)]
    _say(control, _places(control, report), standing, said, report)


def _say(
    control: ControlStore,
    places: Iterable[Alert],
    standing: Iterable[Trouble],
    said: Iterable[Trouble],
    report: Report,
) -> None:
    found = news(standing, said)
    if found and send([place for place in places if _hears(place)], found.message, report):
        control.record_said(found)


def _failures(said: Iterable[Trouble], *, other_than: str) -> list[Trouble]:
    return [each for each in said if each.matter is Matter.FAILED_RUN and each.subject != other_than]


def _places(control: ControlStore, report: Report) -> tuple[Alert, ...]:
    try:
        return control.alerts()
    except MissingVariable as error:
        report(f"no alert was sent: {error}")
        return ()


def _hears(place: Alert) -> bool:
    return place.kind != HEARTBEAT
