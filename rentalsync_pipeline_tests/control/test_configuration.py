from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import event

from rentalsync_pipeline.control.state import ConnectionState
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.document import Document
from rentalsync_pipeline.core.portfolio import (
    AbsencePolicy,
    Blocks,
    Connection,
    FeedOptions,
    Field,
    Listing,
    Settings,
    Style,
)
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline_tests.control.documents import AIRBNB, account, connection, document, listing, put

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
HOTEL = account(
    {
        "base_url": "https://api.example.com",
        "credentials.key": Secret("hush"),
        "credentials.secret": "${SECRET}",
        "listings.1/2-0": "loft",
    }
)


def test_what_is_written_is_read_again(store: ControlStore) -> None:
    everything = document(
        {"loft": listing(audiences=["owner", "for-airbnb"]), "villa": listing(rooms=["loft"])},
        {
            "a": connection(interval=300, imports=["hotel"]),
            "b": connection(url="${LOFT}"),
            "hotel": HOTEL,
        },
        alerts={"webhook x": {"kind": "webhook", "url": Secret("https://x.example/1")}},
        integrations={"airbnb": {"active": True, "credentials.api_key": Secret("hush")}},
        settings={"public_url": "https://calendars.example.com", "allow_private": ["127.0.0.1"]},
    )
    put(store, everything)
    with store.configuring("a test", NOW, {}) as configuration:
        assert configuration.stored() == everything

    put(store, document())
    with store.configuring("a test", NOW, {}) as configuration:
        assert configuration.stored() == document()


def test_the_operations_see_frozen_values_with_defaults_filled_in(store: ControlStore) -> None:
    put(
        store,
        document(
            {"loft": listing(style="timed", blocks="ignore", check_in="16:30", fields=[["guests", "Gäste"]])},
            {
                "a": connection(url="calendars/a.ics", interval=300, misses=3, wait=60, imports=["b"]),
                "b": account({"listings.7": "loft"}),
            },
            settings={"interval": 600, "retention_days": 10},
        ),
    )
    portfolio = store.portfolio({})

    assert portfolio.settings == Settings(interval=timedelta(minutes=10), retention=timedelta(days=10))
    assert portfolio.listings == (
        Listing(
            slug="loft",
            name="Loft",
            timezone="Europe/Rome",
            check_in=time(16, 30),
            check_out=time(11),
            feed=FeedOptions(style=Style.TIMED, blocks=Blocks.IGNORE, address="loft", channels=("airbnb",)),
            fields=(Field("guests", "Gäste"),),
        ),
    )
    calendar, hotel = portfolio.connections
    assert calendar == Connection(
        id="a",
        channel="airbnb",
        source=calendar.source,
        host="file",
        listing="loft",
        interval=timedelta(minutes=5),
        absence=AbsencePolicy(3, timedelta(minutes=1)),
        imports=("b",),
    )
    assert (hotel.listings, hotel.interval, hotel.host) == (
        {"7": "loft"},
        timedelta(minutes=10),
        "airbnb",
    )


def test_a_change_that_fails_changes_nothing(store: ControlStore) -> None:
    put(store, document({"loft": listing()}))

    def change() -> None:
        with store.configuring("a test", NOW, {}) as configuration:
            configuration.replace(configuration.stored(), document())
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        change()
    assert [each.slug for each in store.portfolio({}).listings] == ["loft"]


def test_a_renamed_row_takes_its_key_state_tokens_and_references_along(store: ControlStore) -> None:
    put(store, document({"loft": listing()}, {"a": connection(), "h": account({"listings.1": "loft"})}))
    store.rotate("loft", "a test", NOW)
    store.save_states([ConnectionState("a", last_ok=NOW)])
    renamed = {"listings": {"attic": "loft"}, "connections": {"z": "a"}}
    put(
        store,
        document(
            {"attic": listing()},
            {"z": connection(listing="attic"), "h": account({"listings.1": "attic"})},
            renamed=renamed,
        ),
    )
    portfolio = store.portfolio({})

    assert [(each.slug, each.feed.generation) for each in portfolio.listings] == [("attic", 1)]
    assert [each.served for each in portfolio.connections] == [{"attic"}, {"attic"}]
    assert store.states() == {"z": ConnectionState("z", last_ok=NOW)}
    assert store.url_of("z", {}) == AIRBNB


def test_a_removed_connection_leaves_neither_state_nor_secret(store: ControlStore) -> None:
    put(store, document({"loft": listing()}, {"a": connection()}))
    store.save_states([ConnectionState("a", last_ok=NOW)])
    put(store, document({"loft": listing()}))

    assert store.states() == {}
    with pytest.raises(LookupError, match="has no URL"):
        store.url_of("a", {})


def test_what_was_applied_is_remembered_with_its_secrets(store: ControlStore) -> None:
    applied = document({"loft": listing()}, {"a": connection()})
    with store.configuring("a test", NOW, {}) as configuration:
        assert configuration.applied() == Document()
        configuration.remember(applied)
    with store.configuring("a test", NOW, {}) as configuration:
        assert configuration.applied() == applied
    assert store.last_apply() == NOW


def test_the_number_of_statements_does_not_grow_with_the_portfolio(store: ControlStore) -> None:
    """50,000 listings are written in bulk or not at all in reasonable time."""

    def statements(size: int) -> int:
        slugs = [f"home-{number}" for number in range(size)]
        many = document(
            {slug: listing() for slug in slugs},
            {slug: connection(listing=slug) for slug in slugs}
            | {"hotel": account({f"listings.{slug}": slug for slug in slugs})},
        )
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(store._engine, "before_cursor_execute", counted)
        put(store, many)
        store.portfolio({})
        put(store, document())
        event.remove(store._engine, "before_cursor_execute", counted)
        return count

    statements(60)  # Addresses are given once and for all.
    assert statements(60) == statements(3)
