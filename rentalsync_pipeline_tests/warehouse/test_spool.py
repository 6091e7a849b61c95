"""Answers that wait as files survive whatever kills a sync."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rentalsync_pipeline.warehouse.spool import Spool, Spooled

NOON = datetime(2026, 11, 20, 12, 0, 0, 250_000, tzinfo=UTC)
ANSWER = Spooled(
    fetch_id="a",
    run_id="run-1",
    connection="loft-airbnb",
    channel="airbnb",
    source="digest",
    as_of=NOON,
    started=NOON,
    ended=NOON + timedelta(seconds=1),
    verdict="accepted",
    content="0f",
    size=4,
    etag='"x"',
)
FAILED = replace(
    ANSWER,
    fetch_id="b",
    verdict="failed",
    reason="timeout",
    content=None,
    size=0,
    retry_at=NOON + timedelta(hours=1),
)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def test_an_answer_comes_back_as_it_was_put(spool: Spool) -> None:
    spool.put(ANSWER, b"body")
    spool.put(FAILED, None)
    assert spool.waiting() == [ANSWER, FAILED]
    assert spool.body(ANSWER) == b"body"


def test_nothing_waits_where_nothing_was_put(spool: Spool) -> None:
    assert spool.waiting() == []
    spool.clear([])


def test_answers_wait_in_the_order_in_which_they_were_asked_for(spool: Spool) -> None:
    later = replace(FAILED, fetch_id="0", run_id="run-0", as_of=NOON + timedelta(minutes=15))
    second = replace(FAILED, fetch_id="1", started=NOON + timedelta(seconds=1))
    for entry in (later, second, FAILED):
        spool.put(entry, None)
    assert [entry.fetch_id for entry in spool.waiting()] == ["b", "1", "0"]


def test_what_was_cleared_waits_no_longer_and_leaves_no_folder(spool: Spool, tmp_path: Path) -> None:
    other = replace(FAILED, fetch_id="c", run_id="run-2")
    for entry, body in ((ANSWER, b"body"), (FAILED, None), (other, None)):
        spool.put(entry, body)
    spool.clear([ANSWER])
    assert spool.waiting() == [FAILED, other]
    spool.clear([FAILED])
    assert [folder.name for folder in (tmp_path / "spool").iterdir()] == ["run-2"]
    spool.clear([other])
    assert list((tmp_path / "spool").iterdir()) == []


def test_an_answer_whose_facts_were_never_written_is_none(spool: Spool, tmp_path: Path) -> None:
    folder = tmp_path / "spool" / "run-1"
    folder.mkdir(parents=True)
    (folder / "x.body").write_bytes(b"body")
    (folder / "x.draft").write_text("{")
    assert spool.waiting() == []
    spool.clear([])
    assert not folder.exists()


@pytest.mark.parametrize("facts", [b"", b"{", b"[]", b"{}", b'{"unknown": 1}', b"\xff"])
def test_facts_that_say_nothing_are_thrown_away(spool: Spool, tmp_path: Path, facts: bytes) -> None:
    spool.put(FAILED, None)
    path = tmp_path / "spool" / "run-1" / "c.json"
    path.write_bytes(facts)
    assert spool.waiting() == [FAILED]
    assert not path.exists()


@pytest.mark.parametrize("body", [None, b"", b"bod"])
def test_an_answer_without_its_whole_body_is_thrown_away(
    spool: Spool, tmp_path: Path, body: bytes | None
) -> None:
    spool.put(ANSWER, b"body")
    path = tmp_path / "spool" / "run-1" / "a.body"
    path.unlink() if body is None else path.write_bytes(body)
    assert spool.waiting() == []
    assert not path.with_suffix(".json").exists()
