"""The audit log: every change leaves its row, and no row can be touched unseen."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from rentalsync_pipeline.control.schema import AuditRow
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline_tests.control.documents import connection, document, listing, put


def test_a_change_is_told_field_by_field_and_without_its_secrets(store: ControlStore) -> None:
    put(store, document({"loft": listing()}, {"a": connection()}))
    put(store, document({"loft": listing(name="Attic")}, {"a": connection(interval=300)}))

    added, linked, renamed, quicker = store.audit.rows()
    assert (added.number, added.who, added.entry.action, added.entry.subject) == (
        1,
        "a test",
        "listing_add",
        "loft",
    )
    assert linked.entry.new is not None
    assert linked.entry.new["url"] == "<www.airbnb.com>"
    assert (renamed.entry.old, renamed.entry.new) == ({"name": "Loft"}, {"name": "Attic"})
    assert (quicker.entry.old, quicker.entry.new) == ({"interval": None}, {"interval": "300 s"})
    assert store.audit.verify().fault is None
    assert "canary" not in repr(store.audit.rows())


def test_the_database_refuses_to_change_a_row(store: ControlStore) -> None:
    put(store, document({"loft": listing()}))

    def forge() -> None:
        with store.audit.engine.begin() as connection:
            connection.execute(update(AuditRow).values(who="somebody else"))

    with pytest.raises(DatabaseError, match="append-only"):
        forge()
