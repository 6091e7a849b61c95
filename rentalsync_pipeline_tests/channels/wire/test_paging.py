"""Each style of paging on documents as vendors send them."""

from __future__ import annotations

from typing import Any

import pytest

from rentalsync_pipeline.channels.wire.paging import (
    Cursor,
    Linked,
    Numbered,
    Offset,
    Paging,
    SoFar,
    Turn,
    records_at,
)
from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.core.verdict import Reason

ROWS = [{"id": number} for number in range(5)]


def walk(paging: Paging, *documents: Any) -> tuple[list[Any], list[Turn]]:
    """All records, and what each page was asked for with."""
    turn: Turn | None = paging.first()
    turns, records = [], []
    for number, document in enumerate(documents, 1):
        assert turn is not None
        turns.append(turn)
        page = paging.records(document)
        records += page
        turn = paging.next(document, page, SoFar(number, len(records)))
    assert turn is None
    return records, turns


def test_numbered_pages_end_with_the_total() -> None:
    paging = Numbered("data", "page", ("size", 2), total="meta.total")
    found, turns = walk(
        paging, *({"data": ROWS[start : start + 2], "meta": {"total": 5}} for start in (0, 2, 4))
    )

    assert found == ROWS
    assert [turn.params["page"] for turn in turns] == [1, 2, 3]


def test_numbered_pages_of_a_server_that_gives_less_than_asked_for_are_all_asked_for() -> None:
    paging = Numbered("data", "page", ("size", 100), total="total")
    _, turns = walk(paging, *({"data": [row], "total": 5} for row in ROWS))

    assert [turn.params["page"] for turn in turns] == [1, 2, 3, 4, 5]


def test_numbered_pages_without_a_total_end_with_one_that_is_not_full() -> None:
    found, turns = walk(Numbered("", "page", ("size", 3), start=0), ROWS[:3], ROWS[3:])

    assert found == ROWS
    assert [turn.params["page"] for turn in turns] == [0, 1]


def test_offsets_count_what_has_come() -> None:
    paging = Offset("results", "skip", ("limit", 2), total="count")
    _, turns = walk(paging, *({"results": ROWS[s : s + 2], "count": 5} for s in (0, 2, 4)))

    assert [turn.params["skip"] for turn in turns] == [0, 2, 4]


def test_a_cursor_leads_from_page_to_page() -> None:
    paging = Cursor("items", "pageToken", ("max", 2), mark="next")
    found, turns = walk(paging, {"items": ROWS[:3], "next": "x"}, {"items": ROWS[3:], "next": ""})

    assert found == ROWS
    assert turns[1] == Turn({"max": 2, "pageToken": "x"})


def test_a_cursor_may_be_the_last_record() -> None:
    found, turns = walk(Cursor("result", "afterId", of_last="id"), {"result": ROWS}, {"result": []})

    assert found == ROWS
    assert turns[1] == Turn({"afterId": 4})


def test_a_link_leads_to_the_next_page() -> None:
    paging = Linked("items", "links.next", ("limit", 2))
    found, turns = walk(
        paging,
        {"items": ROWS[:2], "links": {"next": "https://api.vendor.example/p2"}},
        {"items": ROWS[2:], "links": {"next": None}},
    )

    assert found == ROWS
    assert turns == [Turn({"limit": 2}), Turn(url="https://api.vendor.example/p2")]


@pytest.mark.parametrize("total", [None, "many", -1, {}])
def test_a_total_that_is_none_is_no_end(total: object) -> None:
    paging = Numbered("data", "page", ("size", 2), total="total")
    with pytest.raises(FetchError) as failed:
        paging.next({"total": total}, ROWS[:2], SoFar(1, 2))
    assert failed.value.failure.reason is Reason.INCOMPLETE


def test_an_empty_page_before_the_total_is_incomplete() -> None:
    paging = Offset("data", "skip", ("size", 2), total="total")
    with pytest.raises(FetchError) as failed:
        paging.next({"total": 5}, [], SoFar(2, 2))
    assert failed.value.failure.detail == "2 of 5 records came"


@pytest.mark.parametrize("document", [{}, {"data": None}, {"data": "x"}, {"data": [1]}, [], None, "x"])
def test_a_page_of_another_shape_is_not_an_empty_one(document: object) -> None:
    with pytest.raises(FetchError) as failed:
        records_at(document, "data")
    assert failed.value.failure.reason is Reason.TORN


def test_a_list_may_be_a_map() -> None:
    assert records_at({"data": {"7": {"id": 7}}}, "data") == [{"id": 7}]
