"""The audit log: every change leaves its row, with the change or not at all, and no row is touched unseen."""

from __future__ import annotations

import ast
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Executable, delete, update
from sqlalchemy.exc import DatabaseError

from rentalsync_pipeline.control import audit
from rentalsync_pipeline.control.chain import Entry
from rentalsync_pipeline.control.database import writing
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.schema import AuditRow
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.document import Rows
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.token import Token
from rentalsync_pipeline_tests.control.documents import NOW, account, connection, document, listing, put

ANNA = "anna (token)"
LOFT = {"loft": listing()}
BEFORE = document(LOFT, {"hotel": account({"credentials.api_key": Secret("canary-one")})})


def configure(store: ControlStore) -> None:
    with store.configuring(ANNA, NOW, {}) as configuration:
        configuration.replace(configuration.stored(), document({"loft": listing(name="Attic")}))


def let_go(store: ControlStore) -> None:
    with store.configuring(ANNA, NOW, {}) as configuration:
        configuration.decide("free_nights", "hotel")


def apply(store: ControlStore) -> None:
    with store.configuring(ANNA, NOW, {}) as configuration:
        configuration.remember(BEFORE)


def agree(store: ControlStore) -> None:
    store.consent_of("hotel", ANNA, NOW).keep(Token(Secret("canary-two"), None, None, "grant"))


WRITERS: dict[str, tuple[Callable[[ControlStore], object], Entry]] = {
    "a change of a row": (
        configure,
        Entry("connection_remove", "hotel", {"credentials.api_key": "<secret>"}),
    ),
    "a decision beside a change": (let_go, Entry("free_nights", "hotel")),
    "an application": (apply, Entry("file_apply", "rentalsync.yaml")),
    "a consent": (agree, Entry("account_agree", "hotel")),
    "a rotation of addresses": (
        lambda store: store.rotate("loft", ANNA, NOW, NOW + timedelta(days=7)),
        Entry("feeds_rotate", "loft", new={"generation": "1", "overlap_until": "2026-11-27T08:00:00+00:00"}),
    ),
    "a rotation of keys": (
        lambda store: store.rotate_keys(ANNA, NOW),
        Entry("keys_rotate", "secrets", new={"sealed": "0"}),
    ),
    "a decision": (
        lambda store: store.decide(
            "quarantine_release", "hotel", {"quarantine": 3}, {"quarantine": "3"}, ANNA, NOW
        ),
        Entry("quarantine_release", "hotel", new={"quarantine": "3"}),
    ),
    "a token": (
        lambda store: store.tokens.add("dashboard", "read", "a digest", ANNA, NOW),
        Entry("token_create", "2", new={"name": "dashboard", "role": "read"}),
    ),
    "the end of a token": (
        lambda store: store.tokens.revoke(1, ANNA, NOW),
        Entry("token_revoke", "1", {"name": "bridge", "role": "admin"}),
    ),
}
"""Everything that the audit log tells of, done once, and the last row that it leaves."""

AUDITED = {
    "account_tokens.agreeing",
    "store.configuring",
    "store.decide",
    "store.rotate",
    "store.rotate_keys",
    "tokens.add",
    "tokens.revoke",
}
"""Where a transaction begins that leaves a row. A new one wants a writer above."""

OPERATIONAL = {
    "answers.__init__",
    "answers.claim",
    "answers.keep",
    "answers.release",
    "answers.sweep",
    "audit.changing",
    "database.upgrade",
    "inbox.__init__",
    "inbox.refuse",
    "inbox.take_in",
    "store.__init__",
    "store.ask",
    "store.ask_once",
    "store.finish",
    "store.record_look",
    "store.record_said",
    "store.record_sync",
    "store.save_states",
    "store.take",
    "store.tokens_of",
}
"""Where others that write begin: the log's own, the migrations', and those of what is no configuration."""


@pytest.fixture
def used(store: ControlStore) -> ControlStore:
    """A store with something of everything in it."""
    put(store, BEFORE)
    store.tokens.add("bridge", "admin", "another digest", "a test", NOW)
    return store


def opened(home: Home) -> closing[sqlite3.Connection]:
    """The database as who owns its file sees it."""
    return closing(sqlite3.connect(home.path / "control.db"))


def functions(using: Callable[[ast.AST], bool]) -> Iterator[str]:
    """The functions of the control store, with their modules, in which such a node stands."""
    for path in Path(audit.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(map(using, ast.walk(node))):
                yield f"{path.stem}.{node.name}"


def test_whoever_writes_leaves_a_row_or_writes_no_configuration() -> None:
    """Complete, as a transaction that does not begin by `changing` or `writing` can only read."""

    def changes(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "changing"

    def writes(node: ast.AST) -> bool:
        is_engine = isinstance(node, ast.Attribute) and node.attr == "_writing"
        return is_engine or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "writing")

    assert set(functions(changes)) == AUDITED
    assert set(functions(writes)) == OPERATIONAL


@pytest.mark.parametrize("writer", WRITERS)
def test_every_change_leaves_a_row(used: ControlStore, writer: str) -> None:
    write, entry = WRITERS[writer]
    before = len(used.audit.rows())
    write(used)
    *_, last = used.audit.rows()
    assert last.number > before
    assert (last.who, last.at) == (ANNA, NOW)
    told = last.entry
    if entry.old and told.old:
        told = replace(told, old={name: told.old[name] for name in entry.old})
    assert told == entry
    assert used.audit.verify().fault is None
    assert "canary" not in repr(used.audit.rows())


@pytest.mark.parametrize("writer", WRITERS)
def test_a_change_whose_row_can_t_be_written_does_not_happen(home: Home, writer: str) -> None:
    with (
        closing(ControlStore.open(home, {})) as store,
        opened(home) as db,
    ):
        put(store, BEFORE)
        store.tokens.add("bridge", "admin", "another digest", "a test", NOW)
        db.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        before = list(db.iterdump())
        with pytest.raises(DatabaseError, match="disk full"):
            WRITERS[writer][0](store)
        assert list(db.iterdump()) == before


def test_a_change_that_fails_leaves_no_row(store: ControlStore) -> None:
    put(store, BEFORE)
    before = store.audit.rows()

    def change() -> None:
        with store.configuring(ANNA, NOW, {}) as configuration:
            configuration.replace(configuration.stored(), document())
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        change()
    assert store.audit.rows() == before
    assert store.audit.verify().fault is None


def test_what_changes_nothing_is_not_told(used: ControlStore) -> None:
    before = used.audit.rows()
    put(used, BEFORE)
    assert not used.tokens.revoke(9, ANNA, NOW)
    with pytest.raises(LookupError):
        used.rotate("nope", ANNA, NOW)
    assert used.audit.rows() == before


def test_a_change_is_told_field_by_field_and_without_its_secrets(store: ControlStore) -> None:
    hook = Secret("https://hooks.example/canary")
    alerts: Rows = {"webhook hooks.example 0a1b2c": {"kind": "webhook", "url": hook}}
    shell: Rows = {"command sh 0a1b2c": {"kind": "command", "command": ["sh", "-c", "curl canary"]}}
    put(store, document(LOFT, {"a": connection()}, alerts=alerts))
    put(
        store,
        document(
            {"loft": listing(name="Attic")}, {"a": connection(interval=300)}, alerts={**alerts, **shell}
        ),
    )
    put(
        store,
        document({"loft": listing(name="Attic")}, {"a": connection(url=Secret("https://www.airbnb.com/"))}),
    )

    rows = store.audit.rows()
    added, linked, alerted, renamed, quicker, called, pointed, *gone = [row.entry for row in rows]
    assert (added.action, added.subject, added.old) == ("listing_add", "loft", None)
    assert linked.new is not None
    assert (linked.subject, linked.new["url"]) == ("a", "<www.airbnb.com>")
    assert alerted == Entry(
        "alert_add", "webhook hooks.example", None, {"kind": "webhook", "url": "<hooks.example>"}
    )
    assert renamed == Entry("listing_change", "loft", {"name": "Loft"}, {"name": "Attic"})
    assert quicker == Entry("connection_change", "a", {"interval": None}, {"interval": "300 s"})
    assert called.new == {"kind": "command", "command": "sh"}
    assert pointed.old == {"interval": "300 s", "url": "<www.airbnb.com>"}
    assert pointed.new == {"interval": None, "url": "changed"}
    assert [entry.action for entry in gone] == ["alert_remove", "alert_remove"]
    assert "canary" not in repr(rows)
    assert "0a1b2c" not in repr(rows)


def test_a_renaming_is_one_row_whatever_refers_to_it(store: ControlStore) -> None:
    put(store, document(LOFT, {"a": connection()}))
    renamed = {"listings": {"attic": "loft"}}
    put(store, document({"attic": listing()}, {"a": connection(listing="attic")}, renamed=renamed))
    assert store.audit.rows()[-1].entry == Entry("listing_change", "attic", {"id": "loft"}, {"id": "attic"})
    assert len(store.audit.rows()) == 3


def test_the_log_is_read_from_a_moment_on_or_of_one_subject(used: ControlStore) -> None:
    later = NOW + timedelta(hours=1)
    used.rotate("loft", ANNA, later)
    assert [row.at for row in used.audit.rows(since=later)] == [later]
    assert [row.entry.action for row in used.audit.rows(subject="loft")] == ["listing_add", "feeds_rotate"]
    assert used.audit.rows(later, "hotel") == []


@pytest.mark.parametrize("statement", [update(AuditRow).values(who="nobody"), delete(AuditRow)])
def test_the_database_refuses_to_touch_a_row(used: ControlStore, statement: Executable) -> None:
    def forge() -> None:
        with writing(used.audit.engine).begin() as connection:
            connection.execute(statement)

    before = used.audit.rows()
    with pytest.raises(DatabaseError, match="append-only"):
        forge()
    assert used.audit.rows() == before


def test_who_gets_past_the_database_is_found_out(home: Home) -> None:
    with (
        closing(ControlStore.open(home, {})) as store,
        opened(home) as db,
    ):
        put(store, BEFORE)
        db.execute("DROP TRIGGER audit_no_UPDATE")
        db.execute("UPDATE audit SET who = 'nobody' WHERE number = 2")
        db.commit()
        found = store.audit.verify()
    assert (found.broken, found.fault) == (2, "row 2 is not what was written there")


def test_a_database_that_was_put_back_lacks_the_head_that_the_home_has_noted(home: Home) -> None:
    with closing(ControlStore.open(home, {})) as store:
        put(store, BEFORE)
    shutil.copy(home.path / "control.db", home.path / "yesterday.db")
    with closing(ControlStore.open(home, {})) as store:
        store.rotate("loft", ANNA, NOW)
        assert store.audit.verify().fault is None
    shutil.copy(home.path / "yesterday.db", home.path / "control.db")
    with closing(ControlStore.open(home, {})) as store:
        assert store.audit.verify().fault == (
            "a noted head is not there: the log was cut after row 2, or written anew"
        )
        home.audit_head.unlink()
        assert store.audit.verify().fault is None
        assert store.audit.verify("5" * 64).broken == 3


def test_writers_take_turns(store: ControlStore) -> None:
    """Each on a connection of its own; the chain knows one order."""
    put(store, BEFORE)

    def rotate(writer: int) -> None:
        with closing(ControlStore.open(store.home, {})) as own:
            for _ in range(8):
                own.rotate("loft", f"writer {writer}", NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(rotate, range(4)))
    rotated = store.audit.rows(subject="loft")[1:]
    assert [row.entry.new and row.entry.new["generation"] for row in rotated] == [
        str(number) for number in range(1, 33)
    ]
    found = store.audit.verify()
    assert (found.rows, found.fault) == (34, None)
