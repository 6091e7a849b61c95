from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.control.written.document import Document, Row, Rows, as_row, dump, parse
from rentalsync_pipeline.control.written.merge import Action, Change, DanglingError, Plan, plan
from rentalsync_pipeline.control.written.shown import FieldChange
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline_tests.control.documents import AIRBNB, account, connection, document, listing

NOTHING = document()
OTHER = Secret("https://www.airbnb.com/calendar/ical/1.ics?s=another-canary")
LOFT: Rows = {"loft": listing()}


def changes(last: Document, new: Document, store: Document, *, prune: bool = False) -> list[Change]:
    """What an application would do."""
    return list(plan(last, new, store, prune=prune).changes)


def rows(outcome: Plan, table: str) -> Rows:
    """The rows of a table afterwards."""
    return outcome.result.rows(table)


class TestOneRow:
    """Present or absent in the last file, the new file and the store."""

    @pytest.mark.parametrize(
        ("last", "new", "store", "prune", "happens", "stays"),
        [
            (False, True, False, False, Action.ADD, True),
            (False, True, True, False, None, True),
            (True, True, True, False, None, True),
            (True, False, True, False, Action.KEEP, True),
            (True, False, True, True, Action.REMOVE, False),
            (True, False, False, True, None, False),
            (True, True, False, False, Action.DRIFT, False),
            (False, False, True, False, Action.DRIFT, True),
            (False, False, True, True, Action.DRIFT, True),
        ],
    )
    def test_is_added_kept_or_removed(
        self, last: bool, new: bool, store: bool, prune: bool, happens: Action | None, stays: bool
    ) -> None:
        there = document(LOFT)
        outcome = plan(*(there if each else NOTHING for each in (last, new, store)), prune=prune)

        assert [each.action for each in outcome.changes] == ([happens] if happens else [])
        assert ("loft" in rows(outcome, "listings")) is stays

    def test_that_is_kept_now_can_be_pruned_later(self) -> None:
        kept = plan(document(LOFT), NOTHING, document(LOFT), prune=False)
        pruned = plan(kept.remembered, NOTHING, kept.result, prune=True)
        assert pruned.ids(Action.REMOVE, "listings") == ("loft",)

    def test_that_was_deleted_elsewhere_returns_when_the_file_changes_it(self) -> None:
        changed = document({"loft": listing(name="New")})
        assert plan(document(LOFT), changed, NOTHING, prune=False).ids(Action.ADD, "listings") == ("loft",)


class TestOneField:
    """What changed in the file wins; else what the store has stands."""

    @pytest.mark.parametrize(
        ("last", "new", "store", "after", "pushed", "drifted"),
        [
            ("a", "a", "a", "a", None, None),
            ("a", "b", "a", "b", ("a", "b"), None),
            ("a", "a", "c", "c", None, ("a", "c")),
            ("a", "b", "c", "b", ("c", "b"), None),
            ("a", "b", "b", "b", None, None),
            (None, "b", None, "b", (None, "b"), None),
            (None, None, "c", "c", None, (None, "c")),
            ("a", None, "a", None, ("a", None), None),
            ("a", None, "c", None, ("c", None), None),
        ],
    )
    def test_is_pushed_or_left(
        self,
        last: str | None,
        new: str | None,
        store: str | None,
        after: str | None,
        pushed: tuple[str | None, str | None] | None,
        drifted: tuple[str | None, str | None] | None,
    ) -> None:
        three = [document(settings=as_row({"public_url": value})) for value in (last, new, store)]
        outcome = plan(*three, prune=False)

        assert rows(outcome, "settings")["portfolio"].get("public_url") == after
        assert [(each.action, each.fields) for each in outcome.changes] == [
            (action, (FieldChange("public_url", *values),))
            for action, values in ((Action.UPDATE, pushed), (Action.DRIFT, drifted))
            if values
        ]

    def test_of_a_row_may_be_pushed_while_another_drifts(self) -> None:
        last, new = document(LOFT), document({"loft": listing(name="New")})
        found = changes(last, new, document({"loft": listing(timezone="Europe/Paris")}))
        assert found == [
            Change(Action.UPDATE, "listings", "loft", (FieldChange("name", "Loft", "New"),)),
            Change(
                Action.DRIFT, "listings", "loft", (FieldChange("timezone", "Europe/Rome", "Europe/Paris"),)
            ),
        ]

    def test_mappings_merge_one_by_one(self) -> None:
        def hotel(**mapped: str) -> Document:
            return document(LOFT, {"h": account({f"listings.{key}": slug for key, slug in mapped.items()})})

        last, new = hotel(a="loft", b="loft"), hotel(b="loft", c="loft")
        outcome = plan(last, new, hotel(a="loft", b="loft", d="loft"), prune=False)
        merged = rows(outcome, "connections")["h"]
        assert sorted(name for name in merged if name.startswith("listings.")) == [
            "listings.b",
            "listings.c",
            "listings.d",
        ]

    @pytest.mark.parametrize(
        ("field", "old", "new", "shown"),
        [
            ("url", AIRBNB, OTHER, ("<www.airbnb.com>", "changed")),
            ("url", "a.ics", AIRBNB, ("a.ics", "<www.airbnb.com>")),
            ("credentials.key", "${KEY}", Secret("hush"), ("${KEY}", "<secret>")),
            ("credentials.key", Secret("hush"), Secret("hush-hush"), ("<secret>", "changed")),
            ("interval", 300, 900, ("300 s", "900 s")),
            ("enabled", True, False, ("true", "false")),
            ("imports", "auto", ["b", "c"], ("auto", "b, c")),
        ],
    )
    def test_is_shown_without_secrets(
        self, field: str, old: object, new: object, shown: tuple[str, str]
    ) -> None:
        others = {"b": connection(), "c": connection()}

        def one(value: object) -> Document:
            return document(LOFT, {"a": connection(**{field: value}), **others})  # type: ignore[arg-type]

        outcome = plan(one(old), one(new), one(old), prune=False)
        assert outcome.changes[0].fields == (FieldChange(field, *shown),)
        assert "canary" not in repr(outcome)
        assert "hush" not in repr(outcome)

    def test_with_labels_is_shown_as_words(self) -> None:
        fields: list[object] = [["guests", "Gäste", True], ["channel", None, False]]
        labelled = document({"loft": listing(fields=fields)})
        (change,) = changes(document(LOFT), labelled, document(LOFT))
        assert change.fields == (FieldChange("fields", "guests", "guests: Gäste, channel (off)"),)


class TestRenaming:
    OLD = document(LOFT, {"a": connection(), "b": connection(imports=["a"])})
    NEW = document(
        {"attic": listing()},
        {"z": connection(listing="attic"), "b": connection(listing="attic", imports=["z"])},
        renamed={"listings": {"attic": "loft"}, "connections": {"z": "a"}},
    )

    def test_changes_nothing_but_the_id(self) -> None:
        outcome = plan(self.OLD, self.NEW, self.OLD, prune=True)

        assert list(outcome.changes) == [
            Change(Action.UPDATE, "listings", "attic", (FieldChange("id", "loft", "attic"),)),
            Change(Action.UPDATE, "connections", "z", (FieldChange("id", "a", "z"),)),
        ]
        assert outcome.result.tables == self.NEW.tables
        assert outcome.result.renamed == self.NEW.renamed

    def test_happens_once(self) -> None:
        first = plan(self.OLD, self.NEW, self.OLD, prune=False)
        again = plan(first.remembered, self.NEW, first.result, prune=False)
        assert again.changes == ()
        assert not any(again.result.renamed.values())

    def test_takes_along_what_others_refer_to(self) -> None:
        store = document(LOFT, {**self.OLD.rows("connections"), "api": account({"listings.9": "loft"})})
        outcome = plan(self.OLD, self.NEW, store, prune=False)
        assert rows(outcome, "connections")["api"]["listings.9"] == "attic"

    def test_keeps_what_was_changed_elsewhere(self) -> None:
        store = document({"loft": listing(name="Mine")}, self.OLD.rows("connections"))
        outcome = plan(self.OLD, self.NEW, store, prune=False)
        assert rows(outcome, "listings")["attic"]["name"] == "Mine"

    def test_of_something_that_never_was_is_an_addition(self) -> None:
        outcome = plan(NOTHING, self.NEW, NOTHING, prune=False)
        assert {each.action for each in outcome.changes} == {Action.ADD}


def test_what_others_still_refer_to_can_not_go() -> None:
    store = document(LOFT, {"api": connection()})
    with pytest.raises(DanglingError, match="api refers to loft, which is gone"):
        plan(document(LOFT), NOTHING, store, prune=True)


def test_a_document_survives_being_remembered() -> None:
    whole = document(
        LOFT, {"a": connection(), "b": account({"credentials.k": Secret("hush")})}, settings={"interval": 60}
    )
    assert parse(dump(whole)) == whole
    assert "hush" not in f"{dump(whole)!r}{dump(whole)}"


NAMES = st.sampled_from(["a", "b", "c", "d"])
ROWS = st.builds(listing, name=st.sampled_from(["x", "y", "z"]), enabled=st.booleans())
DOCUMENTS = st.dictionaries(NAMES, ROWS).map(document)


@given(DOCUMENTS, DOCUMENTS, DOCUMENTS, st.booleans())
def test_applying_twice_is_applying_once(last: Document, new: Document, store: Document, prune: bool) -> None:
    first = plan(last, new, store, prune=prune)
    again = plan(first.remembered, new, first.result, prune=prune)
    assert again.result == first.result
    assert {each.action for each in again.changes} <= {Action.KEEP, Action.DRIFT}


@given(DOCUMENTS, DOCUMENTS)
def test_without_other_hands_the_store_becomes_the_file(last: Document, new: Document) -> None:
    assert plan(last, new, last, prune=True).result.tables == new.tables


@given(DOCUMENTS, DOCUMENTS)
def test_an_unchanged_file_changes_nothing(file: Document, store: Document) -> None:
    assert plan(file, file, store, prune=True).result == Document(store.tables)


@given(DOCUMENTS, DOCUMENTS, DOCUMENTS)
def test_what_never_was_in_a_file_is_never_touched(last: Document, new: Document, store: Document) -> None:
    outcome = rows(plan(last, new, store, prune=True), "listings")
    own: dict[str, Row] = {
        key: row
        for key, row in store.rows("listings").items()
        if key not in last.rows("listings") and key not in new.rows("listings")
    }
    assert own.items() <= outcome.items()
