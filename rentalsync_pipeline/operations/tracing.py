"""Spans of a sync, for OpenTelemetry: fetch, gate, model, publish.

Belongs here: opening them, and what they may say. Does not: sending them anywhere, which whoever runs us
sets up (without that the API does nothing). A span names connections, runs and our own words; never an
address, a token, a guest, or an exception's message, which may quote any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from opentelemetry import trace
from opentelemetry.trace import Status, StatusCode, Tracer

from rentalsync_pipeline import __version__
from rentalsync_pipeline.core.verdict import TROUBLED
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.warehouse.spool import Spooled

P = ParamSpec("P")
T = TypeVar("T")
Verb = Callable[Concatenate[Stores, Run, P], T]


@contextmanager
def span(name: str, **about: str) -> Iterator[None]:
    """A span as long as the block; one that ends in an exception says of which type it was."""
    attributes = _named(about)
    with _tracer().start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as opened:
        try:
            yield
        except BaseException as error:
            opened.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def traced(name: str, **about: str) -> Callable[[Verb[P, T]], Verb[P, T]]:
    """A verb of a sync with a span around it, which bears the run's id: the steps of a run share no trace."""

    def wrap(verb: Verb[P, T]) -> Verb[P, T]:
        @wraps(verb)
        def inside(stores: Stores, run: Run, /, *args: P.args, **kwargs: P.kwargs) -> T:
            with span(name, run=run.id, **about):
                return verb(stores, run, *args, **kwargs)

        return inside

    return wrap


def answered(entry: Spooled) -> None:
    """A span for one connection, from the question to the answer."""
    about = {"connection": entry.connection, "channel": entry.channel, "verdict": entry.verdict}
    if entry.reason:
        about["reason"] = entry.reason
    done = _tracer().start_span("fetch", attributes=_named(about), start_time=_nanoseconds(entry.started))
    if entry.verdict in TROUBLED:
        done.set_status(Status(StatusCode.ERROR, entry.reason))
    done.end(_nanoseconds(entry.ended))


def _tracer() -> Tracer:
    return trace.get_tracer("rentalsync_pipeline", __version__)


def _named(about: dict[str, str]) -> dict[str, str]:
    return {f"rentalsync.{name}": value for name, value in about.items()}


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1e6) * 1000
