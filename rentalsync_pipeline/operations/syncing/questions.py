"""What each connection is asked with: addresses, keys, and what the last answers left for the next question.

Belongs here: making the questions of one sync. Does not: who is asked (`ingest`), how (`channels`), what is
remembered of an answer (`remember`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rentalsync_pipeline.channels.base import AccountQuery, Known, Query, Validators
from rentalsync_pipeline.channels.registry import accounts
from rentalsync_pipeline.channels.wire.tokens import Keys
from rentalsync_pipeline.control.state import ConnectionState
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.core.portfolio import Connection
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.operations.standpoint import Standpoint
from rentalsync_pipeline.operations.stores import Stores

_UNKNOWN = ConnectionState("")


@dataclass(frozen=True, slots=True)
class Questions:
    """What questions are made from. `states` are those whose next answer may be held against the last."""

    control: ControlStore
    now: datetime
    points: tuple[Standpoint, ...]
    """The connections that are to be asked, in that order."""
    states: Mapping[str, ConnectionState]
    records: Mapping[str, tuple[Known, ...]]
    """Of each account, what stands of it."""
    spooled: Mapping[str, Mapping[str, datetime]]
    """Of each account, the windows whose answers a killed sync left in the spool: they are on their way."""

    @classmethod
    def of(
        cls,
        stores: Stores,
        now: datetime,
        states: Mapping[str, ConnectionState],
        points: Mapping[str, Standpoint],
    ) -> Questions:
        """For the connections that are to be asked now."""
        asked = [name for name, point in points.items() if point.connection.is_account]
        records, spooled = _records(stores, asked, now), _spooled(stores, points)
        return cls(stores.control, now, tuple(points.values()), states, records, spooled)

    def question_to(self, point: Standpoint) -> Query:
        """What a connection is asked; raises `MissingVariable`."""
        connection = point.connection
        state = self.states.get(connection.id, _UNKNOWN)
        validators = Validators(state.etag, state.last_modified, state.cursor)
        account = self._account(point, state) if connection.is_account else None
        url = address_of(connection) if account else self.control.url_of(connection.id)
        return Query(connection, url, self.now, validators, self.control.folder, account)

    def _account(self, point: Standpoint, state: ConnectionState) -> AccountQuery:
        name = point.connection.id
        swept = {window: datetime.fromisoformat(at) for window, at in (state.swept or {}).items()}
        return AccountQuery(
            keys=keys_of(self.control, name),
            swept={**swept, **self.spooled.get(name, {})},
            known=self.records.get(name, ()),
            today=point.day(self.now),
        )


def keys_of(control: ControlStore, connection: str) -> Keys:
    """What lets an account in; raises `MissingVariable`."""
    return Keys(connection, control.credentials_of(connection), control.tokens_of(connection))


def address_of(connection: Connection) -> Secret:
    """Where the API of an account is."""
    return Secret(connection.base_url or accounts()[connection.channel].api.base)


def _records(stores: Stores, asked: list[str], now: datetime) -> dict[str, tuple[Known, ...]]:
    if not asked:
        return {}
    found = defaultdict[str, list[Known]](list)
    with stores.warehouse() as warehouse:
        for row in warehouse.rows("known_records", connections=asked, today=now.date()):
            known = Known(
                row["id"],
                row["unit"],
                Kind(row["kind"]),
                row["check_in"],
                row["check_out"],
                row["is_missing"],
            )
            found[row["connection"]].append(known)
    return {name: tuple(records) for name, records in found.items()}


def _spooled(stores: Stores, points: Mapping[str, Standpoint]) -> dict[str, dict[str, datetime]]:
    windows = defaultdict[str, dict[str, datetime]](dict)
    for entry in stores.spool.waiting():
        point = points.get(entry.connection)
        if point and entry.source == point.connection.source:
            windows[entry.connection] |= dict.fromkeys(entry.windows, entry.started)
    return windows
