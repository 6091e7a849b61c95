"""The three-way merge: what was applied last, what the file says now, what the store holds.

Belongs here: deciding what an application changes; pure. Does not: reading or writing any of the three.
What changed in the file is pushed; what was changed in the store by other means stays, as drift; a row
that left the file is removed only by `prune`, and only if it came from a file. A renamed row keeps its
identity: it is compared with what it was under its old id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rentalsync_pipeline.control.written.document import (
    OF_FILE,
    Document,
    Row,
    Rows,
    Value,
    as_row,
)
from rentalsync_pipeline.control.written.references import carried, dangling
from rentalsync_pipeline.control.written.shown import FieldChange, difference


class Action(StrEnum):
    """What happens to a row."""

    ADD = "add"
    UPDATE = "update"
    REMOVE = "remove"
    KEEP = "keep"
    """It left the file, and stays until an application prunes."""
    DRIFT = "drift"
    """It was changed, made or removed by other means than the file, and that stands."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row and what happens to it; of a drift, `old` is the file's value and `new` the store's."""

    action: Action
    table: str
    id: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an application does. Rows on which all three agree are not mentioned."""

    changes: tuple[Change, ...]
    result: Document = field(repr=False)
    """What the store is to hold; `renamed` has the renamings that really happen."""
    remembered: Document = field(repr=False)
    """What counts as applied from then on: the file, and what left it but stays."""

    @property
    def counts(self) -> Mapping[Action, int]:
        """How many rows there are of each action."""
        return Counter(change.action for change in self.changes)

    def ids(self, action: Action, table: str) -> tuple[str, ...]:
        """The rows of one table to which this happens."""
        return tuple(each.id for each in self.changes if (each.action, each.table) == (action, table))


_Happening = tuple[Action, tuple[FieldChange, ...]]


class DanglingError(Exception):
    """The file and what others have stored don't fit together; names each reference that leads nowhere."""


def plan(last: Document, new: Document, store: Document, *, prune: bool) -> Plan:
    """Merge; `DanglingError` where the outcome would refer to a listing or connection that is gone."""
    renamed = _renamings(new, store)
    last, store = carried(last, renamed), carried(store, renamed)
    changes: list[Change] = []
    result: dict[str, Rows] = {}
    remembered: dict[str, Rows] = {}
    for table in OF_FILE:
        merge = _Merge(table, last.rows(table), new.rows(table), store.rows(table), prune)
        result[table] = dict(merge.rows(renamed.get(table, {}), changes))
        remembered[table] = {**merge.left(result[table]), **merge.new}
    outcome = Document({**store.tables, **result}, renamed)
    lost = [f"{key} refers to {target}, which is gone" for key, target in dangling(outcome)]
    if lost:
        raise DanglingError("; ".join(lost) + ": correct the file, or what was set by other means")
    return Plan(tuple(changes), outcome, Document(remembered))


@dataclass(frozen=True, slots=True)
class _Merge:
    """One table of the three."""

    table: str
    last: Rows
    new: Rows
    store: Rows
    prune: bool

    def rows(self, renamed: Mapping[str, str], changes: list[Change]) -> Iterator[tuple[str, Row]]:
        """The rows that the store is to hold; what happens to each goes to `changes`."""
        for key in sorted(self.last.keys() | self.new.keys() | self.store.keys()):
            merged, happens = self._row(key, renamed.get(key))
            changes += (Change(action, self.table, key, fields) for action, fields in happens)
            if merged is not None:
                yield key, merged

    def left(self, result: Rows) -> Rows:
        """What came from a file, is in it no more, and stays."""
        return {key: row for key, row in self.last.items() if key not in self.new and key in result}

    def _row(self, key: str, was: str | None) -> tuple[Row | None, list[_Happening]]:
        last, new, store = self.last.get(key), self.new.get(key), self.store.get(key)
        if new is None:
            return self._left(key, last, store)
        if store is None:
            if new == last:
                return None, [(Action.DRIFT, (FieldChange("id", key, None),))]
            return new, [(Action.ADD, ())]
        merged, pushed, drifted = _fields(last or {}, new, store)
        if was is not None:
            pushed.insert(0, FieldChange("id", was, key))
        happens = [(Action.UPDATE, tuple(pushed)), (Action.DRIFT, tuple(drifted))]
        return merged, [(action, fields) for action, fields in happens if fields]

    def _left(self, key: str, last: Row | None, store: Row | None) -> tuple[Row | None, list[_Happening]]:
        """A row that the file doesn't have."""
        if store is None:
            return None, []
        if last is None:
            return store, [(Action.DRIFT, (FieldChange("id", None, key),))]
        if self.prune:
            return None, [(Action.REMOVE, ())]
        return store, [(Action.KEEP, ())]


def _fields(last: Row, new: Row, store: Row) -> tuple[Row, list[FieldChange], list[FieldChange]]:
    """A row merged field by field: what changed in the file wins, else what the store has stands."""
    merged: dict[str, Value | None] = {}
    pushed, drifted = [], []
    for name in sorted(last.keys() | new.keys() | store.keys()):
        before, wanted, stored = last.get(name), new.get(name), store.get(name)
        if wanted != before:
            merged[name] = wanted
            if stored != wanted:
                pushed.append(difference(name, stored, wanted))
        else:
            merged[name] = stored
            if stored != wanted:
                drifted.append(difference(name, wanted, stored))
    return as_row(merged), pushed, drifted


def _renamings(new: Document, store: Document) -> dict[str, dict[str, str]]:
    """New id to old one, per table, for the renamings that have yet to happen."""
    return {
        table: {
            name: old
            for name, old in names.items()
            if old in store.rows(table) and name not in store.rows(table)
        }
        for table, names in new.renamed.items()
    }
