"""Which rows of a document refer to which: listings to their rooms, connections to listings and each other.

Belongs here: following references; pure. Does not: deciding what changes (`merge`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rentalsync_pipeline.control.written.document import (
    CONNECTIONS,
    LISTINGS,
    MAPPED,
    TABLES,
    Document,
    Value,
)

_REFERENCES = {
    (LISTINGS, "rooms"): LISTINGS,
    (CONNECTIONS, "listing"): LISTINGS,
    (CONNECTIONS, "imports"): CONNECTIONS,
}
"""Which fields hold ids, and of what."""


def _target(table: str, name: str) -> str | None:
    return LISTINGS if name.startswith(MAPPED) else _REFERENCES.get((table, name))


def carried(document: Document, renamed: Mapping[str, Mapping[str, str]]) -> Document:
    """A document from before renamings (new id to old, per table), as if the new ids had always been."""
    names = {table: {old: new for new, old in each.items()} for table, each in renamed.items()}
    if not any(names.values()):
        return document
    return Document(
        {
            table: {
                names.get(table, {}).get(key, key): {
                    name: _carried_value(value, names.get(_target(table, name) or "", {}))
                    for name, value in fields.items()
                }
                for key, fields in document.rows(table).items()
            }
            for table in TABLES
        }
    )


def _carried_value(value: Value, names: Mapping[str, str]) -> Value:
    if isinstance(value, list) and names:
        return [names.get(item, item) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def dangling(document: Document) -> Iterator[tuple[str, str]]:
    """Every row that refers to one that isn't there, with the id that is missing."""
    for table in (LISTINGS, CONNECTIONS):
        for key, fields in document.rows(table).items():
            for name, value in fields.items():
                target = _target(table, name)
                if target is not None:
                    known = document.rows(target)
                    yield from ((key, wanted) for wanted in _ids(target, value) if wanted not in known)


def _ids(target: str, value: Value) -> list[str]:
    """The ids in a field; the words of `imports` (`auto`, …) are none."""
    if isinstance(value, list):
        return value
    return [str(value)] if target == LISTINGS else []
