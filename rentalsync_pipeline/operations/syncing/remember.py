"""What is remembered of each connection between syncs, for whoever must not open the warehouse.

Belongs here: from a verdict to the next `ConnectionState`. Does not: storing it (`control.store`).
Called after the warehouse has committed: a validator counts only once its body is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rentalsync_pipeline.control.state import ConnectionState
from rentalsync_pipeline.core.absence import ask_again
from rentalsync_pipeline.core.breaker import opened_until
from rentalsync_pipeline.core.verdict import Verdict
from rentalsync_pipeline.operations.stores import Stores
from rentalsync_pipeline.operations.syncing.ingest import GRACE
from rentalsync_pipeline.operations.syncing.judging import Judged
from rentalsync_pipeline.warehouse.moments import aware
from rentalsync_pipeline.warehouse.warehouse import Warehouse

_A_YEAR = timedelta(days=366)
"""Windows that began earlier are not asked for any more."""


def remember(
    stores: Stores, warehouse: Warehouse, states: Mapping[str, ConnectionState], judged: Sequence[Judged]
) -> dict[str, ConnectionState]:
    """Bring the states of the connections that answered up to date, all at once, and return them."""
    losses = defaultdict[str, list[datetime]](list)
    for row in warehouse.rows("losses"):
        losses[row["connection"]].append(aware(row["since"]))
    new = {}
    for answer in judged:
        name = answer.connection.id
        due = _next_due(answer, losses[name])
        new[name] = _after(states.get(name, ConnectionState(name)), answer, due)
    stores.control.save_states(new.values())
    return new


def distrust(stores: Stores, connections: Iterable[str]) -> None:
    """Have the next answers of these read, equal to the last or not: the warehouse may hold otherwise."""
    states = stores.control.states()
    known = (states[name] for name in connections if name in states)
    stores.control.save_states(replace(state, source=None) for state in known if state.source)


def _next_due(answer: Judged, losses: Iterable[datetime]) -> datetime:
    """After the connection's interval, or earlier where asking again confirms a loss, but not too early."""
    regular = answer.asked + answer.connection.interval
    confirming = ask_again(losses, answer.connection.absence, answer.asked)
    return min(regular, confirming + GRACE) if confirming else regular


def _after(state: ConnectionState, answer: Judged, next_due: datetime) -> ConnectionState:
    asked = replace(
        state,
        last_attempt=answer.asked,
        last_verdict=answer.verdict,
        last_reason=answer.failure.reason if answer.failure else None,
        last_detail=answer.failure.detail if answer.failure else None,
        next_due=next_due,
        not_before=answer.failure.retry_at if answer.failure else None,
        opened_until=None,
    )
    if answer.failure and answer.verdict is Verdict.FAILED:
        failures, interval = state.failures + 1, answer.connection.interval
        opened = opened_until(failures, answer.failure.reason, answer.asked, interval)
        return replace(asked, failures=failures, opened_until=opened)
    if answer.verdict is Verdict.QUARANTINED:
        last_ok = answer.asked if answer.is_partly_used else state.last_ok
        doubted = replace(asked, failures=state.failures + 1, last_ok=last_ok)
        # Without a source, the next answer is read, whatever it is: nothing proves what it is equal to.
        # A part of an account is due again, because nothing says that it is done.
        return doubted if answer.entry.partial else replace(doubted, source=None)
    if answer.entry.partial:
        return _after_part(asked, answer)
    good = replace(asked, last_ok=answer.asked, failures=0)
    if answer.verdict is Verdict.UNCHANGED:
        return good
    return replace(
        good,
        source=answer.standpoint.digest,
        last_change=answer.asked,
        content=answer.entry.content,
        content_day=answer.today,
        # On a later day the nights of a tail may be a block.
        recurring=answer.reading.recurring or answer.reading.has_tail,
        etag=answer.entry.etag,
        last_modified=answer.entry.last_modified,
    )


def _after_part(asked: ConnectionState, answer: Judged) -> ConnectionState:
    """An account goes on from where good answers have led it.

    Where it is read from another standpoint, all of it has to be read again.
    """
    entry, digest = answer.entry, answer.standpoint.digest
    known = asked if asked.source == digest else replace(asked, source=digest, cursor=None, swept=None)
    done = dict.fromkeys(entry.windows, answer.asked.isoformat())
    past = (answer.asked - _A_YEAR).isoformat()
    swept = {window: at for window, at in (known.swept or {}).items() if window > past}
    return replace(
        known,
        last_ok=answer.asked,
        last_change=known.last_change if answer.verdict is Verdict.UNCHANGED else answer.asked,
        failures=0,
        cursor=entry.cursor or known.cursor,
        swept=swept | done,
    )
