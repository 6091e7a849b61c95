from __future__ import annotations

import threading
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from rentalsync_pipeline.control.document import Document, Rows
from rentalsync_pipeline.control.files import TooOpenError, write_atomically
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.state import Alert, ConnectionState
from rentalsync_pipeline.control.store import ClockError, ControlStore
from rentalsync_pipeline.control.variables import MissingVariable
from rentalsync_pipeline.control.vault import VaultError
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
from rentalsync_pipeline_tests.control.documents import AIRBNB, account, connection, document, listing

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
SOONER = NOW - timedelta(hours=1)
HOTEL = account(
    {
        "base_url": "https://api.example.com",
        "credentials.key": Secret("hush"),
        "credentials.secret": "${SECRET}",
        "listings.1/2-0": "loft",
    }
)


def put(store: ControlStore, new: Document) -> None:
    """Make the store hold a document, whatever it holds."""
    with store.configuring({}) as configuration:
        configuration.replace(configuration.stored(), new)


class TestConfiguration:
    def test_what_is_written_is_read_again(self, store: ControlStore) -> None:
        everything = document(
            {"loft": listing(audiences=["owner", "for-airbnb"]), "villa": listing(rooms=["loft"])},
            {
                "a": connection(interval=300, imports=["hotel"]),
                "b": connection(url="${LOFT}"),
                "hotel": HOTEL,
            },
            alerts={"webhook x": {"kind": "webhook", "url": Secret("https://x.example/1")}},
            settings={"public_url": "https://calendars.example.com", "allow_private": ["127.0.0.1"]},
        )
        put(store, everything)
        with store.configuring({}) as configuration:
            assert configuration.stored() == everything

        put(store, document())
        with store.configuring({}) as configuration:
            assert configuration.stored() == document()

    def test_the_operations_see_frozen_values_with_defaults_filled_in(self, store: ControlStore) -> None:
        put(
            store,
            document(
                {
                    "loft": listing(
                        style="timed", blocks="ignore", check_in="16:30", fields=[["guests", "Gäste"]]
                    )
                },
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
                feed=FeedOptions(style=Style.TIMED, blocks=Blocks.IGNORE),
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

    def test_a_change_that_fails_changes_nothing(self, store: ControlStore) -> None:
        put(store, document({"loft": listing()}))

        def change() -> None:
            with store.configuring({}) as configuration:
                configuration.replace(configuration.stored(), document())
                raise RuntimeError("power cut")

        with pytest.raises(RuntimeError, match="power cut"):
            change()
        assert [each.slug for each in store.portfolio({}).listings] == ["loft"]

    def test_a_renamed_row_takes_its_key_state_tokens_and_references_along(self, store: ControlStore) -> None:
        put(store, document({"loft": listing()}, {"a": connection(), "h": account({"listings.1": "loft"})}))
        store.rotate("loft")
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

    def test_a_removed_connection_leaves_neither_state_nor_secret(self, store: ControlStore) -> None:
        put(store, document({"loft": listing()}, {"a": connection()}))
        store.save_states([ConnectionState("a", last_ok=NOW)])
        put(store, document({"loft": listing()}))

        assert store.states() == {}
        with pytest.raises(LookupError, match="has no URL"):
            store.url_of("a", {})

    def test_what_was_applied_is_remembered_with_its_secrets(self, store: ControlStore) -> None:
        applied = document({"loft": listing()}, {"a": connection()})
        with store.configuring({}) as configuration:
            assert configuration.applied() == Document()
            configuration.remember(applied, NOW)
        with store.configuring({}) as configuration:
            assert configuration.applied() == applied
        assert store.last_apply() == NOW


class TestSecrets:
    def test_a_literal_url_comes_from_the_vault(self, store: ControlStore) -> None:
        put(store, document({"loft": listing()}, {"a": connection()}))
        assert store.url_of("a", {}) == AIRBNB
        assert store.portfolio({}).connections[0].host == "www.airbnb.com"

    def test_a_variable_is_resolved_at_use_from_environment_or_file(
        self, store: ControlStore, home: Home
    ) -> None:
        put(store, document({"loft": listing()}, {"a": connection(url="${LOFT}")}))
        with pytest.raises(MissingVariable):
            store.url_of("a", {})

        write_atomically(home.secrets, "LOFT=https://one.example/a.ics\n", mode=0o600)
        assert store.url_of("a", {}) == Secret("https://one.example/a.ics")
        assert store.url_of("a", {"LOFT": "x.ics"}) == Secret("x.ics")

    def test_an_account_has_no_url(self, store: ControlStore) -> None:
        put(store, document({}, {"hotel": account({"credentials.key": Secret("hush")})}))
        with pytest.raises(LookupError, match="connection 'hotel' has no URL"):
            store.url_of("hotel", {})

    def test_the_source_tells_where_it_points_and_follows_the_variable(self, store: ControlStore) -> None:
        put(store, document({"loft": listing()}, {"a": connection(), "b": connection(url="${LOFT}")}))

        def sources(env: dict[str, str]) -> list[str]:
            return [each.source for each in store.portfolio(env).connections]

        literal, same = sources({"LOFT": AIRBNB.reveal()})
        assert literal == same
        assert len(literal) == 16
        assert sources({"LOFT": "https://other.example/"})[1] != literal
        assert sources({})[1] == "", "not known while the variable is missing and never was set"

    def test_another_channel_or_feed_key_makes_another_source(self, store: ControlStore, home: Home) -> None:
        put(store, document({"loft": listing()}, {"a": connection(), "b": connection(channel="ical")}))
        first, second = (each.source for each in store.portfolio({}).connections)
        assert first != second

        write_atomically(home.feed_key, f"{'ab' * 32}\n", mode=0o600)
        put(store, document())
        put(store, document({"loft": listing()}, {"a": connection()}))
        assert store.portfolio({}).connections[0].source != first

    def test_alerts_are_resolved(self, store: ControlStore) -> None:
        alerts: Rows = {
            "heartbeat ${BEAT}": {"kind": "heartbeat", "url": "${BEAT}"},
            "webhook 1": {"kind": "webhook", "url": Secret("https://hooks.example/1")},
        }
        put(store, document(alerts=alerts))
        assert store.alerts({"BEAT": "https://beat.example/"}) == (
            Alert("heartbeat", Secret("https://beat.example/")),
            Alert("webhook", Secret("https://hooks.example/1")),
        )

    def test_rotation_seals_everything_anew_and_counts(self, store: ControlStore, home: Home) -> None:
        put(
            store,
            document({"loft": listing()}, {"a": connection(), "b": connection(), "c": connection(url="x")}),
        )
        old = home.keys.read_text()
        write_atomically(home.keys, f"{'ab' * 32}\n{old}", mode=0o600)
        home = store.home
        rotating = ControlStore.open(home, {})
        assert rotating.rotate_keys() == 2
        assert rotating.rotate_keys() == 0
        rotating.close()

        write_atomically(home.keys, f"{'ab' * 32}\n", mode=0o600)
        after = ControlStore.open(home, {})
        assert after.url_of("b", {}) == AIRBNB
        after.close()
        with pytest.raises(VaultError, match="not at hand"):
            store.url_of("b", {})

    def test_the_feed_secret_is_32_bytes_that_stay(self, store: ControlStore) -> None:
        assert len(store.feed_secret()) == 32
        assert store.feed_secret() == store.feed_secret()

    def test_a_feed_secret_that_others_can_read_is_refused(self, store: ControlStore, home: Home) -> None:
        home.feed_key.chmod(0o644)
        with pytest.raises(TooOpenError):
            store.feed_secret()

    def test_rotating_a_listing_raises_its_generation_and_survives_an_application(
        self, store: ControlStore
    ) -> None:
        put(store, document({"loft": listing()}))
        assert [store.rotate("loft"), store.rotate("loft")] == [1, 2]
        put(store, document({"loft": listing(name="New")}))
        assert store.portfolio({}).listings[0].feed.generation == 2
        with pytest.raises(LookupError, match="rentalsync listings"):
            store.rotate("nope")


class TestStates:
    def test_every_field_comes_back_as_it_went_in_in_utc(self, store: ControlStore) -> None:
        rome = NOW.astimezone(timezone(timedelta(hours=1)))
        state = ConnectionState(
            "a",
            last_attempt=rome,
            last_ok=rome,
            last_change=SOONER,
            last_verdict="failed",
            last_reason="timeout",
            last_detail="after 30 s",
            failures=3,
            next_due=NOW,
            not_before=NOW,
            source="d1ce",
            content="c0ffee",
            content_day=date(2026, 11, 20),
            recurring=True,
            etag='"etag"',
            last_modified="Fri, 20 Nov 2026 07:00:00 GMT",
            opened_until=NOW,
        )
        assert None not in asdict(state).values()
        store.save_states([state, ConnectionState("b")])

        assert store.states() == {"a": state, "b": ConnectionState("b")}
        attempted = store.states()["a"].last_attempt
        assert attempted is not None
        assert attempted.tzinfo is UTC

    def test_saving_again_replaces(self, store: ControlStore) -> None:
        store.save_states([ConnectionState("a", failures=1, etag="x")])
        store.save_states([ConnectionState("a", failures=2)])
        store.save_states([])
        assert store.states() == {"a": ConnectionState("a", failures=2)}

    def test_a_moment_without_an_offset_is_refused(self, store: ControlStore) -> None:
        with pytest.raises(Exception, match="without an offset"):
            store.save_states([ConnectionState("a", last_ok=datetime(2026, 11, 20))])  # noqa: DTZ001


class TestClock:
    def test_a_sync_may_not_run_before_the_last(self, store: ControlStore) -> None:
        assert store.last_sync() is None
        store.record_sync(NOW)
        store.record_sync(NOW)
        with pytest.raises(ClockError, match="check this machine's clock"):
            store.record_sync(SOONER)
        assert store.last_sync() == NOW


class TestRequests:
    def test_a_request_waits_until_it_is_done(self, store: ControlStore) -> None:
        first = store.ask("release", "loft-airbnb", {"fetch": 7}, "anna", SOONER)
        second = store.ask("sync", "", {}, "page", NOW)
        assert [(each.id, each.kind, each.asked_at) for each in store.waiting()] == [
            (first, "release", SOONER),
            (second, "sync", NOW),
        ]

        store.take([first, second], NOW)
        assert [each.taken_at for each in store.waiting()] == [NOW, NOW], "a dead sync's are taken again"

        store.finish(first, "released", NOW)
        assert [each.id for each in store.waiting()] == [second]

    def test_its_payload_comes_back_and_can_not_be_changed(self, store: ControlStore) -> None:
        store.ask("release", "loft-airbnb", {"nights": ["2026-12-31"], "n": 1}, "anna", NOW)
        (request,) = store.waiting()
        assert request.payload == {"nights": ["2026-12-31"], "n": 1}
        with pytest.raises(TypeError):
            request.payload["n"] = 2  # type: ignore[index]

    def test_many_may_ask_at_once(self, store: ControlStore) -> None:
        def ask_often(who: str) -> None:
            for _ in range(10):
                store.ask("sync", who, {}, who, NOW)

        threads = [threading.Thread(target=ask_often, args=(str(number),)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({each.id for each in store.waiting()}) == 40
