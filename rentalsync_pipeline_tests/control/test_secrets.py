from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.state import Alert
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.vault import VaultError
from rentalsync_pipeline.control.written.document import Row, Rows
from rentalsync_pipeline.control.written.files import TooOpenError, write_atomically
from rentalsync_pipeline.control.written.variables import MissingVariable
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline_tests.control.documents import AIRBNB, account, connection, document, listing, put

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_a_literal_url_comes_from_the_vault(store: ControlStore) -> None:
    put(store, document({"loft": listing()}, {"a": connection()}))
    assert store.url_of("a", {}) == AIRBNB
    assert store.portfolio({}).connections[0].host == "www.airbnb.com"


def test_a_variable_is_resolved_at_use_from_environment_or_file(store: ControlStore, home: Home) -> None:
    put(store, document({"loft": listing()}, {"a": connection(url="${LOFT}")}))
    with pytest.raises(MissingVariable):
        store.url_of("a", {})

    write_atomically(home.secrets, "LOFT=https://one.example/a.ics\n", mode=0o600)
    assert store.url_of("a", {}) == Secret("https://one.example/a.ics")
    assert store.url_of("a", {"LOFT": "x.ics"}) == Secret("x.ics")


def test_an_account_has_no_url(store: ControlStore) -> None:
    put(store, document({}, {"hotel": account({"credentials.key": Secret("hush")})}))
    with pytest.raises(LookupError, match="connection 'hotel' has no URL"):
        store.url_of("hotel", {})


def test_the_source_tells_where_it_points_and_follows_the_variable(store: ControlStore) -> None:
    put(store, document({"loft": listing()}, {"a": connection(), "b": connection(url="${LOFT}")}))

    def sources(env: dict[str, str]) -> list[str]:
        return [each.source for each in store.portfolio(env).connections]

    literal, same = sources({"LOFT": AIRBNB.reveal()})
    assert literal == same
    assert len(literal) == 16
    assert sources({"LOFT": "https://other.example/"})[1] != literal
    assert sources({})[1] == "", "not known while the variable is missing and never was set"


def test_another_channel_or_feed_key_makes_another_source(store: ControlStore, home: Home) -> None:
    put(store, document({"loft": listing()}, {"a": connection(), "b": connection(channel="ical")}))
    first, second = (each.source for each in store.portfolio({}).connections)
    assert first != second

    write_atomically(home.feed_key, f"{'ab' * 32}\n", mode=0o600)
    put(store, document())
    put(store, document({"loft": listing()}, {"a": connection()}))
    assert store.portfolio({}).connections[0].source != first


def test_alerts_are_resolved(store: ControlStore) -> None:
    alerts: Rows = {
        "heartbeat ${BEAT}": {"kind": "heartbeat", "url": "${BEAT}"},
        "webhook 1": {"kind": "webhook", "url": Secret("https://hooks.example/1")},
    }
    put(store, document(alerts=alerts))
    assert store.alerts({"BEAT": "https://beat.example/"}) == (
        Alert("heartbeat", Secret("https://beat.example/")),
        Alert("webhook", Secret("https://hooks.example/1")),
    )


def test_a_password_inside_the_url_of_a_mail_server_may_hold_anything(store: ControlStore) -> None:
    server: Row = {"kind": "smtp", "url": "smtps://me:${PW}@mail.example:465", "to": ["me@example.com"]}
    program: Row = {"kind": "command", "command": ["/usr/bin/notify", "${TOPIC}"]}
    put(store, document(alerts={"smtp 1": server, "command 2": program}))
    assert store.alerts({"PW": "p@ss/word", "TOPIC": "a b"}) == (
        Alert("command", command=("/usr/bin/notify", "a b")),
        Alert("smtp", Secret("smtps://me:p%40ss%2Fword@mail.example:465"), to=("me@example.com",)),
    )
    assert [alert.where for alert in store.alerts({"PW": "p", "TOPIC": "t"})] == ["notify", "mail.example"]
    with pytest.raises(MissingVariable):
        store.alerts({"TOPIC": "a b"})


def test_rotation_seals_everything_anew_and_counts(store: ControlStore, home: Home) -> None:
    put(
        store,
        document({"loft": listing()}, {"a": connection(), "b": connection(), "c": connection(url="x")}),
    )
    old = home.keys.read_text()
    write_atomically(home.keys, f"{'ab' * 32}\n{old}", mode=0o600)
    home = store.home
    rotating = ControlStore.open(home, {})
    assert rotating.rotate_keys("a test", NOW) == 2
    assert rotating.rotate_keys("a test", NOW) == 0
    rotating.close()

    write_atomically(home.keys, f"{'ab' * 32}\n", mode=0o600)
    after = ControlStore.open(home, {})
    assert after.url_of("b", {}) == AIRBNB
    after.close()
    with pytest.raises(VaultError, match="not at hand"):
        store.url_of("b", {})


def test_the_feed_secret_is_32_bytes_that_stay(store: ControlStore) -> None:
    assert len(store.feed_secret()) == 32
    assert store.feed_secret() == store.feed_secret()


def test_a_feed_secret_that_others_can_read_is_refused(store: ControlStore, home: Home) -> None:
    home.feed_key.chmod(0o644)
    with pytest.raises(TooOpenError):
        store.feed_secret()


def test_rotating_a_listing_raises_its_generation_and_survives_an_application(store: ControlStore) -> None:
    put(store, document({"loft": listing()}))
    assert [store.rotate("loft", "a test", NOW), store.rotate("loft", "a test", NOW)] == [1, 2]
    put(store, document({"loft": listing(name="New")}))
    assert store.portfolio({}).listings[0].feed.generation == 2
    with pytest.raises(LookupError, match="rentalsync listings"):
        store.rotate("nope", "a test", NOW)


def test_tokens_that_were_rotated_away_stay_so_when_a_listing_is_removed_and_added_again(
    store: ControlStore,
) -> None:
    put(store, document({"loft": listing()}))
    store.rotate("loft", "a test", NOW)
    put(store, document({}))
    with pytest.raises(LookupError):
        store.rotate("loft", "a test", NOW)
    put(store, document({"loft": listing()}))
    assert store.portfolio({}).listings[0].feed.generation == 1


def test_no_listing_ever_has_the_address_of_another(store: ControlStore) -> None:
    def addresses() -> dict[str, str]:
        return {each.slug: each.feed.address for each in store.portfolio({}).listings}

    put(store, document({"loft": listing(), "villa": listing()}))
    put(store, document({"attic": listing(), "villa": listing()}, renamed={"listings": {"attic": "loft"}}))
    assert addresses() == {"attic": "loft", "villa": "villa"}
    put(store, document({"attic": listing(), "loft": listing()}))
    assert addresses() == {"attic": "loft", "loft": "loft-2"}
    put(store, document({"attic": listing(), "villa": listing()}, renamed={"listings": {"villa": "loft"}}))
    assert addresses() == {"attic": "loft", "villa": "loft-2"}
