"""Rows of the configuration as people may read them: in plans, in the audit log.

Belongs here: what of a value may be shown, and how two rows differ. Does not: merging (`merge`), keeping
what is shown (`audit`). Of a secret nothing is shown but that it is there, that it changed, and the host
of an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rentalsync_pipeline.control.written.document import DURATIONS, Row, Value
from rentalsync_pipeline.core.secret import Secret


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field's value before and after, as it may be shown; `None` is no value."""

    field: str
    old: str | None
    new: str | None


def differences(old: Row, new: Row) -> Iterator[FieldChange]:
    """The fields in which two rows differ."""
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield difference(name, old.get(name), new.get(name))


def difference(name: str, old: Value | None, new: Value | None) -> FieldChange:
    """One field's two values; of two that look the same, as secrets do, the new one is `changed`."""
    shown = FieldChange(name, _shown(name, old), _shown(name, new))
    return FieldChange(name, shown.old, "changed") if shown.old == shown.new else shown


def _shown(name: str, value: Value | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, Secret):
        return str(value) if "://" in value.reveal() else "<secret>"
    if isinstance(value, list):
        return value[0] if name == "command" else ", ".join(_shown_item(item) for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value} s" if name in DURATIONS else str(value)


def _shown_item(item: str | Sequence[Any]) -> str:
    """An id, or one of `fields`, of which stores that are older have the name and the label only."""
    if isinstance(item, str):
        return item
    name, label, is_shown = (*item, True)[:3]
    words = f"{name}: {label}" if label else name
    return words if is_shown else f"{words} (off)"
