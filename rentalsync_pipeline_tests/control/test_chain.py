"""A log that was touched is found out, at the row where it was touched first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.control.chain import ORIGIN, Entry, Recorded, digest, verify

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
FIELDS = st.none() | st.dictionaries(st.text(max_size=4), st.none() | st.text(max_size=4), max_size=3)
ENTRIES = st.builds(Entry, st.text(max_size=6), st.text(max_size=6), FIELDS, FIELDS)


def chained(entries: list[Entry]) -> list[Recorded]:
    """A log of these entries, an hour after each other."""
    rows: list[Recorded] = []
    for number, entry in enumerate(entries, 1):
        at = NOW + timedelta(hours=number)
        head = digest(rows[-1].hash if rows else ORIGIN, number, at, "anna", entry)
        rows.append(Recorded(number, at, "anna", entry, head))
    return rows


LOG = chained([Entry("listing_add", f"loft-{number}", None, {"name": "Loft"}) for number in range(1, 7)])


def test_a_log_as_it_was_written_is_in_order() -> None:
    found = verify(LOG, {LOG[-1].hash})
    assert (found.rows, found.head, found.broken, found.fault) == (6, LOG[-1].hash, None, None)
    assert verify([]).head == ORIGIN


def test_the_hash_of_a_row_is_what_it_was_in_earlier_releases() -> None:
    """Logs live for ever: another form of hashing would call them forged."""
    entry = Entry("listing_change", "loft", {"name": "Löft"}, {"name": None})
    at = datetime(2026, 11, 20, 9, 30, 0, 5, tzinfo=UTC)
    assert digest(ORIGIN, 1, at, "anna (token)", entry) == (
        "40c218fc45bf242ea72a20ff2088612963bf5a19e8634989f17ef1085c4c0a2c"
    )


FORGERIES: dict[str, Callable[[Recorded], Recorded]] = {
    "who": lambda row: replace(row, who="somebody else"),
    "at": lambda row: replace(row, at=NOW),
    "entry": lambda row: replace(row, entry=Entry("listing_add", "villa")),
    "hash": lambda row: replace(row, hash="f" * 64),
}


@pytest.mark.parametrize("position", range(6))
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_changed_row_is_named(position: int, forgery: str) -> None:
    row = FORGERIES[forgery](LOG[position])
    found = verify([*LOG[:position], row, *LOG[position + 1 :]])
    assert (found.broken, found.rows) == (position + 1, position)


@pytest.mark.parametrize("position", range(5))
def test_a_removed_row_is_named(position: int) -> None:
    assert verify([*LOG[:position], *LOG[position + 1 :]]).fault == f"row {position + 1} is missing"


@pytest.mark.parametrize("position", range(5))
def test_a_removed_row_is_named_though_the_rest_was_numbered_anew(position: int) -> None:
    rest = [replace(row, number=row.number - 1) for row in LOG[position + 1 :]]
    assert verify([*LOG[:position], *rest]).broken == position + 1


@pytest.mark.parametrize("position", range(5))
def test_rows_that_changed_places_are_named(position: int) -> None:
    one, other = LOG[position : position + 2]
    swapped = [replace(other, number=one.number), replace(one, number=other.number)]
    assert verify([*LOG[:position], *swapped, *LOG[position + 2 :]]).broken == position + 1


@pytest.mark.parametrize("position", range(6))
def test_an_inserted_row_breaks_the_chain_behind_it(position: int) -> None:
    """It may bear a right hash itself: then the next row no longer follows."""
    before = LOG[:position]
    made = chained([*(row.entry for row in before), Entry("token_create", "9")])[-1]
    after = [replace(row, number=row.number + 1) for row in LOG[position:]]
    assert verify([*before, made, *after]).broken == position + 2


def test_only_a_noted_head_finds_a_cut_end_or_a_log_that_was_written_anew() -> None:
    noted = {LOG[-1].hash}
    assert verify(LOG[:4]).fault is None
    assert verify(LOG[:4], noted).broken == 5
    anew = chained([replace(row.entry, subject="villa") for row in LOG])
    assert verify(anew).fault is None
    assert verify(anew, noted).fault == (
        "a noted head is not there: the log was cut after row 6, or written anew"
    )


def test_a_log_that_went_on_still_holds_what_was_noted() -> None:
    assert verify(LOG, {LOG[2].hash, ORIGIN}).fault is None


@given(st.lists(ENTRIES, min_size=1, max_size=5), st.data())
def test_whatever_stands_in_a_row_is_bound_by_its_hash(entries: list[Entry], data: st.DataObject) -> None:
    rows = chained(entries)
    assert verify(rows).fault is None
    position = data.draw(st.integers(0, len(rows) - 1))
    forged = data.draw(ENTRIES.filter(lambda entry: entry != entries[position]))
    rows[position] = replace(rows[position], entry=forged)
    assert verify(rows).broken == position + 1
