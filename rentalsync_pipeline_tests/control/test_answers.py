"""What is asked again is answered as before, for a day, and worked on by one at a time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest

from rentalsync_pipeline.control.answers import KEPT, PATIENCE, Answer, Claim, InWork, OtherRequest
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline_tests.control.documents import NOW

CREATED = Answer(201, (("content-type", "application/json"),), b'{"token": "canary"}')
A_MOMENT = timedelta(microseconds=1)


def begun(store: ControlStore) -> Claim:
    claim = store.answers.claim("key", "request", NOW)
    assert isinstance(claim, Claim)
    return claim


def test_the_first_answer_is_given_again_for_a_day(store: ControlStore) -> None:
    store.answers.keep(begun(store), CREATED)
    assert store.answers.claim("key", "request", NOW) == CREATED
    assert store.answers.claim("key", "request", NOW + KEPT - A_MOMENT) == CREATED
    assert isinstance(store.answers.claim("key", "request", NOW + KEPT), Claim)


def test_another_request_under_the_same_key_is_refused_before_and_after_the_answer(
    store: ControlStore,
) -> None:
    claim = begun(store)
    with pytest.raises(OtherRequest):
        store.answers.claim("key", "another", NOW)
    store.answers.keep(claim, CREATED)
    with pytest.raises(OtherRequest):
        store.answers.claim("key", "another", NOW)


def test_who_comes_while_it_is_worked_on_is_told_so_until_patience_ends(store: ControlStore) -> None:
    begun(store)
    with pytest.raises(InWork):
        store.answers.claim("key", "request", NOW + PATIENCE - A_MOMENT)
    assert isinstance(store.answers.claim("key", "request", NOW + PATIENCE), Claim)


def test_what_is_released_is_tried_anew(store: ControlStore) -> None:
    store.answers.release(begun(store))
    assert isinstance(store.answers.claim("key", "another", NOW), Claim)


@pytest.mark.parametrize(
    "late",
    [
        lambda store, claim: store.answers.keep(claim, CREATED),
        lambda store, claim: store.answers.release(claim),
    ],
    ids=["keep", "release"],
)
def test_who_took_too_long_changes_nothing_any_more(
    store: ControlStore, late: Callable[[ControlStore, Claim], None]
) -> None:
    slow = begun(store)
    successor = store.answers.claim("key", "request", NOW + PATIENCE)
    late(store, slow)
    with pytest.raises(InWork):
        store.answers.claim("key", "request", NOW + PATIENCE)
    assert isinstance(successor, Claim)
    store.answers.keep(successor, CREATED)
    assert store.answers.claim("key", "request", NOW + PATIENCE) == CREATED


def test_what_is_old_is_swept_with_its_answer_and_the_rest_is_not(store: ControlStore) -> None:
    store.answers.keep(begun(store), CREATED)
    store.answers.claim("another key", "request", NOW + A_MOMENT)
    assert store.answers.sweep(NOW + KEPT) == 1
    assert store.answers.sweep(NOW + KEPT) == 0
    with store.audit.engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT owner FROM secrets WHERE owner_table = 'answers'").scalars()
        assert list(left) == ["another key"]


def test_an_answer_is_sealed(store: ControlStore) -> None:
    store.answers.keep(begun(store), CREATED)
    with store.audit.engine.connect() as connection:
        (kept,) = connection.exec_driver_sql("SELECT sealed FROM secrets").scalars()
    assert b"canary" not in bytes(kept)


def test_of_many_at_once_one_gets_the_claim(store: ControlStore) -> None:
    def claim(_: int) -> Claim | Answer | None:
        with closing(ControlStore.open(store.home, {})) as own:
            try:
                return own.answers.claim("key", "request", NOW)
            except InWork:
                return None

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(claim, range(16)))
    assert [each for each in found if each] == [Claim("key", "request", NOW)]
