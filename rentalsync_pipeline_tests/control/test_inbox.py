"""Webhooks in the control store: each counts once, and is forgotten after a day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from rentalsync_pipeline.control.inbox import KEPT, Received, WebhookCount
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.document import CONNECTIONS, LISTINGS, Document
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline_tests.control.documents import connection, listing

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def one(event: str = "e", *connections: str, is_once: bool = True) -> Received:
    return Received("smoobu", connections or ("loft",), event, is_once)


def take_in(store: ControlStore, received: Received, minutes: float = 0) -> bool:
    return store.inbox.take_in(received, "webhook", "a test", NOW + timedelta(minutes=minutes))


def asked(store: ControlStore) -> list[str]:
    return [request.subject for request in store.waiting()]


def done(store: ControlStore) -> None:
    """As if a sync had carried out all that waits."""
    for request in store.waiting():
        store.take([request.id], NOW)
        store.finish(request.id, "asked", NOW)


def test_a_webhook_asks_for_a_sync_of_each_of_its_connections(store: ControlStore) -> None:
    assert take_in(store, one("e", "loft", "villa"))
    assert asked(store) == ["loft", "villa"]
    assert store.inbox.last() == {"loft": NOW, "villa": NOW}


def test_a_repetition_changes_nothing(store: ControlStore) -> None:
    assert take_in(store, one())
    done(store)
    assert not take_in(store, one(), 600)
    assert asked(store) == []


def test_the_same_for_another_connection_is_no_repetition(store: ControlStore) -> None:
    take_in(store, one("e", "loft"))
    assert take_in(store, one("e", "loft", "villa"))
    assert asked(store) == ["loft", "villa"]


def test_what_may_be_another_event_counts_again_once_the_first_is_carried_out(store: ControlStore) -> None:
    for minutes in (0, 1):
        assert take_in(store, one(is_once=False), minutes)
    assert asked(store) == ["loft"]
    done(store)
    assert take_in(store, one(is_once=False), 2)
    assert asked(store) == ["loft"]


def test_a_webhook_that_comes_while_a_sync_is_at_it_waits_for_the_next(store: ControlStore) -> None:
    take_in(store, one("e1"))
    (first,) = store.waiting()
    store.take([first.id], NOW)
    take_in(store, one("e2"))
    take_in(store, one("e3"))
    store.finish(first.id, "asked", NOW)
    assert asked(store) == ["loft"]


def test_after_a_day_it_is_forgotten(store: ControlStore) -> None:
    take_in(store, one("old"))
    take_in(store, one("waits", "barn"))
    (old, _) = store.waiting()
    store.finish(old.id, "asked", NOW)
    take_in(store, one("new", "villa"), KEPT / timedelta(minutes=1) + 1)
    assert store.inbox.last().keys() == {"villa"}
    assert [each.subject for each in store.last_requests({"webhook"})] == ["villa", "barn"]


def test_of_the_same_at_once_one_counts(store: ControlStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: take_in(store, one()), range(16)))
    assert taken.count(True) == 1
    assert asked(store) == ["loft"]


def test_all_are_counted_by_what_became_of_them(store: ControlStore) -> None:
    for _ in range(3):
        take_in(store, one())
    store.inbox.refuse("smoobu")
    store.inbox.refuse("lodgify")
    assert store.inbox.counts() == [
        WebhookCount("lodgify", received=0, repeated=0, refused=1),
        WebhookCount("smoobu", received=1, repeated=2, refused=1),
    ]


def test_secrets_are_found_by_channel(store: ControlStore) -> None:
    rows = {
        "a": connection(webhook_secret=Secret("canary-literal")),
        "b": connection(webhook_secret="${B}"),
        "missing": connection(webhook_secret="${NOT_SET}"),
        "none": connection(),
        "off": connection(webhook_secret=Secret("canary-off"), enabled=False),
        "other": connection(channel="ical", webhook_secret=Secret("canary-other")),
    }
    with store.configuring("a test", NOW, {}) as configuration:
        configuration.replace(Document(), Document({LISTINGS: {"loft": listing()}, CONNECTIONS: rows}))
        assert configuration.stored().rows(CONNECTIONS) == rows
    found = store.inbox.secrets("airbnb", {"B": "canary-b"})
    assert found == {"a": Secret("canary-literal"), "b": Secret("canary-b")}
    kept = b"".join(path.read_bytes() for path in store.home.path.glob("control.db*"))
    assert b"canary" not in kept
