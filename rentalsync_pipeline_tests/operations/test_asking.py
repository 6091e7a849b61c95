"""A sync that somebody asks for: asked once, carried out by the next one, refused where none would come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rentalsync_pipeline.operations.asking import (
    CHANNEL,
    COALESCED,
    CONNECTION,
    LISTING,
    WEBHOOK,
    NobodyLooks,
    ask_sync,
    is_ripe,
    note_look,
)
from rentalsync_pipeline.operations.stores import Scope
from rentalsync_pipeline.operations.syncing.ingest import ingest
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation, vrbo
from rentalsync_pipeline_tests.operations.town import Town

DUE = Scope(due_only=True)


@pytest.fixture
def asked(town: Town) -> Town:
    """Two listings, synced a minute ago: nothing is due. A daemon looks."""
    for slug in ("loft", "cabin"):
        town.connect(f"{slug}-airbnb", airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    town.apply()
    town.sync()
    note_look(town.stores.control, town.now)
    return town


@pytest.mark.parametrize(("kind", "subject"), [(LISTING, "loft"), (CONNECTION, "loft-airbnb")])
def test_what_is_asked_for_is_asked_although_it_is_not_due(asked: Town, kind: str, subject: str) -> None:
    ask_sync(asked.stores.control, kind, subject, "anna", asked.now)
    asked.sync(minutes=1, scope=DUE)
    assert asked.log().keys() == {"loft-airbnb"}
    assert asked.stores.control.waiting() == []


def test_all_connections_of_a_channel_are_asked_for_at_once_and_no_other(asked: Town) -> None:
    asked.connect("loft-vrbo", vrbo(), channel="fewo_direkt")
    asked.apply()
    asked.sync(minutes=1)
    ask_sync(asked.stores.control, CHANNEL, "airbnb", "anna", asked.now)
    asked.sync(minutes=1, scope=DUE)
    assert asked.log().keys() == {"loft-airbnb", "cabin-airbnb"}
    assert asked.stores.control.waiting() == []


def test_asking_twice_is_asking_once(asked: Town) -> None:
    control = asked.stores.control
    first, second = (ask_sync(control, LISTING, "loft", name, asked.now) for name in ("anna", "bert"))
    assert first == second
    (request,) = asked.stores.control.waiting()
    assert request.asked_by == "anna"


def test_a_sync_of_something_else_leaves_the_request_waiting(asked: Town) -> None:
    ask_sync(asked.stores.control, LISTING, "loft", "anna", asked.now)
    asked.sync(minutes=1, scope=Scope(listings=("cabin",)))
    assert len(asked.stores.control.waiting()) == 1


def test_a_request_for_what_is_gone_is_answered_all_the_same(asked: Town) -> None:
    ask_sync(asked.stores.control, LISTING, "attic", "anna", asked.now)
    asked.sync(minutes=1, scope=DUE)
    assert asked.stores.control.waiting() == []


def test_where_nothing_looks_for_work_nothing_is_asked(town: Town) -> None:
    with pytest.raises(NobodyLooks, match="yet"):
        ask_sync(town.stores.control, LISTING, "loft", "anna", town.now)
    note_look(town.stores.control, town.now)
    with pytest.raises(NobodyLooks, match="since 2026-11-20 08:00 UTC"):
        ask_sync(town.stores.control, LISTING, "loft", "anna", town.now + timedelta(minutes=2))
    assert town.stores.control.waiting() == []


def test_a_listing_that_wants_no_sync_is_asked_only_for_a_person(asked: Town) -> None:
    asked.listing("loft", sync=False)
    asked.apply()
    asked.sync(minutes=60)
    assert asked.log().keys() == {"cabin-airbnb"}
    assert asked.nights("loft")
    ask_sync_now = asked.now
    note_look(asked.stores.control, ask_sync_now)
    ask_sync(asked.stores.control, LISTING, "loft", "anna", ask_sync_now)
    asked.sync(minutes=1, scope=DUE)
    assert asked.log().keys() == {"loft-airbnb"}


def test_a_webhook_does_not_wake_what_its_host_has_put_to_rest(asked: Town) -> None:
    asked.listing("loft", sync=False)
    asked.apply()
    for name in ("loft-airbnb", "cabin-airbnb"):
        asked.stores.control.ask(WEBHOOK, name, {}, "a webhook", asked.now)
    asked.sync(minutes=1, scope=DUE)
    assert asked.log().keys() == {"cabin-airbnb"}
    assert asked.stores.control.waiting() == []


def test_webhooks_wait_a_moment_for_others_and_people_do_not(asked: Town) -> None:
    control = asked.stores.control
    assert not is_ripe(control.waiting(), asked.now)
    control.ask(WEBHOOK, "loft-airbnb", {}, "a webhook", asked.now)
    assert not is_ripe(control.waiting(), asked.now + COALESCED / 2)
    assert is_ripe(control.waiting(), asked.now + COALESCED)
    ask_sync(control, CONNECTION, "cabin-airbnb", "anna", asked.now)
    assert is_ripe(control.waiting(), asked.now)


def test_who_asks_while_a_sync_is_at_it_is_answered_by_the_next(asked: Town) -> None:
    """It may have asked that channel before."""
    ask_sync(asked.stores.control, CONNECTION, "loft-airbnb", "anna", asked.now)
    run = asked.begin(minutes=1, scope=DUE)

    def ask_again(_done: int, _all: int) -> None:
        ask_sync(asked.stores.control, CONNECTION, "loft-airbnb", "bert", run.now)

    with asked.opened() as stores:
        ingest(stores, run, ask_again)
    (request,) = asked.stores.control.waiting()
    assert request.asked_by == "bert"
