"""Integrations at their edges: what is refused changes nothing, secrets never come out, no night is freed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from rentalsync_pipeline.channels.registry import ways
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.operations.configuring.integrations import forms_of
from rentalsync_pipeline_tests.bridge.portals import ALLOWED, airbnb
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.dialects import airbnb as calendar
from rentalsync_pipeline_tests.operations.dialects import reservation
from rentalsync_pipeline_tests.operations.hotel import Hotel, opened, room
from rentalsync_pipeline_tests.operations.managers import opened as managed
from rentalsync_pipeline_tests.operations.town import Town, nights

pytestmark = pytest.mark.usefixtures("no_waiting")

PATH = "/api/integrations"
KEY, SECRET = "canary-of-a-key", "canary-of-a-secret"


@pytest.fixture
def served(town: Town) -> Iterator[Served]:
    """A loft with a guest at Airbnb, an attic without anything; a daemon, and an admin."""
    town.document["settings"] = ALLOWED
    town.connect("loft-airbnb", calendar(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    town.listing("attic")
    town.apply()
    town.sync()
    town.stores.control.record_look(town.now)
    with serving(town) as served:
        yield served


@pytest.fixture
def hotel(town: Town) -> Iterator[Hotel]:
    """An account with two rooms, each a listing."""
    with opened(town, 2) as hotel:
        town.stores.control.record_look(town.now)
        yield hotel


def _rows(served: Served) -> dict[str, Any]:
    """All that is configured, secrets too."""
    with served.town.stores.control.configuring("a test", served.town.now) as configuration:
        stored = configuration.stored()
    return {table: dict(stored.rows(table)) for table in stored.tables}


def _sync(served: Served, channel: str, mapping: dict[str, str], status: int = 202, **params: str) -> Any:
    body = {"propertyMapping": mapping}
    return served.ask("POST", f"{PATH}/{channel}/sync", status, json=body, params=params).json()


def test_a_key_and_a_secret_are_the_credentials_of_the_account_as_its_channel_calls_them(
    served: Served,
) -> None:
    vault = served.town.stores.control
    for channel in ways():
        for form in forms_of(channel):
            given = {"apiKey": KEY, "apiSecret": SECRET}
            served.ask("POST", f"{PATH}/{channel}/configure", json={name: given[name] for name in form})
            (account,) = [
                each.id
                for each in vault.portfolio().connections
                if each.channel == channel and each.is_account
            ]
            kept = {name: value.reveal() for name, value in vault.credentials_of(account).items()}
            assert kept == {theirs: given[ours] for ours, theirs in form.items()}
            assert form in served.get(f"{PATH}/{channel}").json()["credentials"]


@pytest.mark.parametrize(
    ("channel", "given", "said"),
    [
        ("hostaway", {"apiKey": KEY}, "give apiKey (client_id) and apiSecret (client_secret)"),
        ("channex", {"apiKey": KEY, "apiSecret": SECRET}, "give apiKey (api_key)"),
        ("google", {"apiKey": KEY, "apiSecret": SECRET}, "rentalsync.yaml"),
        ("hostaway", {"apiSecret": SECRET}, "give both"),
    ],
)
def test_credentials_in_another_form_are_refused_and_said_which_it_takes(
    served: Served, channel: str, given: dict[str, str], said: str
) -> None:
    before = _rows(served)
    answer = served.ask("POST", f"{PATH}/{channel}/configure", 400, json=given)
    assert said in answer.json()["detail"]
    assert "canary" not in answer.text
    assert _rows(served) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhookUrl": "https://example.com/hook?key=secret"},
        {"webhookUrl": "javascript:alert(1)"},
        {"apiKey": "${HOME}"},
        {"apiKey": ""},
        {"isActive": "yes"},
        {"api_key": KEY},
        {"enabled": True},
    ],
    ids=str,
)
def test_what_can_not_be_is_refused_and_nothing_is_kept(served: Served, wrong: dict[str, Any]) -> None:
    before = _rows(served)
    served.ask("POST", f"{PATH}/channex/configure", 422, json=wrong)
    assert _rows(served) == before


def test_what_is_left_out_stays_and_null_takes_away(served: Served) -> None:
    hook = "https://example.com/hook"
    served.ask("POST", f"{PATH}/channex/configure", json={"apiKey": KEY, "webhookUrl": hook})
    before = _rows(served)
    for body in ({}, {"isActive": None}):
        answer = served.ask("POST", f"{PATH}/channex/configure", json=body).json()
        assert (answer["isActive"], answer["webhookUrl"]) == (True, hook)
    served.ask("POST", f"{PATH}/channex/configure", 400, json={"apiKey": None})  # an account needs some
    assert _rows(served) == before
    assert (
        served.ask("POST", f"{PATH}/channex/configure", json={"webhookUrl": None}).json()["webhookUrl"]
        is None
    )

    served.ask("POST", f"{PATH}/airbnb/configure", json={"apiKey": KEY, "apiSecret": SECRET})
    served.ask("POST", f"{PATH}/airbnb/configure", json={"apiKey": SECRET})
    kept = _rows(served)["integrations"]["airbnb"]
    assert {name: value.reveal() for name, value in kept.items() if name != "active"} == {
        "credentials.api_key": SECRET
    }
    served.ask("POST", f"{PATH}/airbnb/configure", json={"apiKey": None, "apiSecret": None})
    assert _rows(served)["integrations"]["airbnb"] == {"active": True}


def test_a_file_that_is_applied_leaves_integrations_alone(served: Served) -> None:
    served.ask(
        "POST", f"{PATH}/airbnb/configure", json={"apiKey": KEY, "webhookUrl": "https://example.com/a"}
    )
    before = _rows(served)
    assert served.town.apply(prune=True).changes == ()
    assert _rows(served) == before


def test_what_is_changed_is_in_the_log_without_secrets(served: Served) -> None:
    hook = "https://example.com/hook"
    served.ask("POST", f"{PATH}/airbnb/configure", json={"apiKey": KEY, "webhookUrl": hook})
    _sync(served, "airbnb", {"loft-airbnb": "attic"})
    kept, mapped = served.town.stores.control.audit.rows()[-2:]
    assert (kept.entry.action, kept.entry.subject, kept.who) == (
        "integration_add",
        "airbnb",
        "standalone mode",
    )
    assert kept.entry.new == {"active": "true", "webhook_url": hook, "credentials.api_key": "<secret>"}
    assert (mapped.entry.action, mapped.entry.subject) == ("connection_change", "loft-airbnb")
    assert (mapped.entry.old, mapped.entry.new) == ({"listing": "loft"}, {"listing": "attic"})


def test_an_account_is_asked_for_nothing_before_it_is_mapped(served: Served) -> None:
    answer = served.ask("POST", f"{PATH}/channex/sync", 409).json()
    assert "no connection yet" in answer["error"]
    served.ask("POST", f"{PATH}/channex/configure", json={"apiKey": KEY})
    assert "propertyMapping" in served.get(f"{PATH}/channex").json()["note"]
    answer = served.ask("POST", f"{PATH}/channex/sync", 409).json()
    assert "mapped to no listing" in answer["error"]
    _sync(served, "channex", {"one/a": "loft"})
    _sync(served, "channex", {"one/b": "attic"})
    answer = served.get(f"{PATH}/channex").json()
    assert answer["propertyMapping"] == {"one/a": "loft", "one/b": "attic"}
    assert (answer["connections"], answer["note"]) == (["channex"], None)


def test_a_listing_is_named_by_slug_or_number_and_an_unknown_one_is_named_back(served: Served) -> None:
    served.ask("POST", f"{PATH}/channex/configure", json={"apiKey": KEY})
    before = _rows(served)
    for wrong in ("cellar", "99"):
        answer = _sync(served, "channex", {"one/a": "loft", "one/b": wrong}, 400)
        assert wrong in answer["error"]
        assert _rows(served) == before
        assert served.town.stores.control.waiting() == []
    number = served.town.stores.control.listing_keys()["attic"]
    _sync(served, "channex", {"one/b": str(number)})
    assert served.get(f"{PATH}/channex").json()["propertyMapping"] == {"one/b": "attic"}


def test_an_id_that_is_no_calendar_is_named_with_the_way_to_its_address(served: Served) -> None:
    before = _rows(served)
    answer = _sync(served, "airbnb", {"loft-airbnb": "attic", "12345": "loft"}, 400)
    assert "12345" in answer["error"]
    assert "copy the Airbnb calendar link" in answer["detail"]
    for address in ("file:///etc/passwd", "ftp://example.com/a.ics"):
        assert "passwd" not in str(_sync(served, "airbnb", {address: "loft"}, 422))
    assert _rows(served) == before


def test_without_a_daemon_nothing_is_kept(served: Served) -> None:
    served.town.now += timedelta(minutes=5)
    before = _rows(served)
    _sync(served, "airbnb", {"loft-airbnb": "attic"}, 503)
    assert _rows(served) == before


def test_of_several_accounts_one_must_be_named(served: Served) -> None:
    town = served.town
    for name in ("east", "west"):
        town.connections[name] = {
            "channel": "channex",
            "credentials": {"api_key": name},
            "listings": {"1": "loft"},
        }
    town.apply()
    for path, body in (("configure", {"apiKey": KEY}), ("sync", {"propertyMapping": {"2": "attic"}})):
        answer = served.ask("POST", f"{PATH}/channex/{path}", 409, json=body).json()
        assert "east, west" in answer["error"]
        served.ask("POST", f"{PATH}/channex/{path}", 404, json=body, params={"connection": "loft-airbnb"})
    served.ask("POST", f"{PATH}/channex/configure", json={"apiKey": KEY}, params={"connection": "west"})
    assert town.stores.control.credentials_of("west")["api_key"].reveal() == KEY
    assert town.stores.control.credentials_of("east")["api_key"].reveal() == "east"
    _sync(served, "channex", {"2": "attic"}, connection="east")
    (request,) = town.stores.control.waiting()
    assert (request.kind, request.subject) == ("sync_connection", "east")
    one = served.get(f"{PATH}/channex", params={"connection": "east"}).json()
    assert (one["connections"], one["propertyMapping"]) == (["east"], {"1": "loft", "2": "attic"})


def test_what_is_not_active_frees_no_night_and_is_not_asked(served: Served) -> None:
    town, taken = served.town, nights("2026-12-01", 3)
    off = served.ask("POST", f"{PATH}/airbnb/configure", json={"isActive": False}).json()
    assert (off["isActive"], off["status"]) == (False, "configured")
    for _ in range(3):
        town.sync(minutes=60)
        assert town.nights("loft") == taken
    town.stores.control.record_look(town.now)
    assert "not active" in served.ask("POST", f"{PATH}/airbnb/sync", 409).json()["error"]
    served.ask("POST", f"{PATH}/airbnb/configure", json={"isActive": True})
    town.sync()
    assert served.get(f"{PATH}/airbnb").json()["status"] == "connected"
    assert town.nights("loft") == taken


def test_what_becomes_another_listing_frees_no_night_of_the_first(served: Served) -> None:
    town, taken = served.town, nights("2026-12-01", 3)
    _sync(served, "airbnb", {"loft-airbnb": "attic"})
    for _ in range(4):
        town.sync(minutes=60)
        assert (town.nights("loft"), town.nights("attic")) == (taken, taken)


def test_a_room_that_becomes_another_listing_frees_no_night_of_the_first(town: Town) -> None:
    town.listing("attic")
    with managed(town, "smoobu") as office, serving(town) as served:
        (upstream, slug), *_ = town.connections["office"]["listings"].items()
        booked = office.world.book("smoobu", room(slug, "2026-12-20", 3)).rooms[0].nights
        office.sync()
        assert town.nights(slug) == booked
        town.stores.control.record_look(town.now)
        _sync(served, "smoobu", {upstream: "attic"})
        for _ in range(2):
            office.sync(minutes=60)
            assert town.nights(slug) == town.nights("attic") == booked


def test_a_test_says_what_the_account_lacks_and_changes_nothing(hotel: Hotel) -> None:
    town = hotel.town
    town.connections["hotel"]["listings"]["1/2-3"] = next(iter(town.listings))
    town.apply()
    with serving(town) as served:
        before = _rows(served)
        answer = served.ask("POST", f"{PATH}/cloudbeds/test").json()
        assert (answer["success"], answer["connections"][0]["connection"]) == (False, "hotel")
        assert "mapped, but not in the account: 1/2-3" in answer["message"]
        assert _rows(served) == before
        assert served.get(f"{PATH}/cloudbeds").json()["status"] == "configured"


def test_the_history_comes_in_pages_and_of_a_sync_that_was_asked_for_at_once(served: Served) -> None:
    town = served.town
    for _ in range(3):
        served.ask("POST", f"{PATH}/airbnb/sync", 202)
        town.sync()
        town.stores.control.record_look(town.now)
        newest = served.get(f"{PATH}/airbnb").json()["syncHistory"][0]
        assert (newest["runId"], newest["bookingsCreated"]) == (f"run-{town.runs}", 0)
    page = served.get(f"{PATH}/airbnb", params={"limit": 1, "offset": 1}).json()
    assert ([each["runId"] for each in page["syncHistory"]], page["hasMore"]) == (["run-3"], True)
    last = served.get(f"{PATH}/airbnb", params={"offset": 3}).json()
    assert ([each["runId"] for each in last["syncHistory"]], last["hasMore"]) == (["run-1"], False)
    (overview,) = [
        each for each in served.get(f"{PATH}/status").json()["integrations"] if each["type"] == "airbnb"
    ]
    assert [each["runId"] for each in overview["syncHistory"]] == ["run-4", "run-3", "run-2", "run-1"]
    served.get(f"{PATH}/airbnb", 422, params={"limit": 0})
    served.get(f"{PATH}/airbnb", 404, params={"connection": "attic"})


def test_credentials_and_addresses_go_in_and_never_come_out(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    town = served.town
    caplog.set_level("DEBUG")
    with airbnb(served) as portal:
        address = portal.addresses[0]
        token = address.partition("?t=")[2]
        said = [
            served.ask("POST", f"{PATH}/airbnb/configure", json={"apiKey": KEY, "apiSecret": SECRET}),
            served.ask("POST", f"{PATH}/hostaway/configure", json={"apiKey": KEY, "apiSecret": SECRET}),
            served.ask("POST", f"{PATH}/airbnb/sync", 400, json={"propertyMapping": {address: KEY}}),
            served.ask("POST", f"{PATH}/airbnb/sync", 202, json={"propertyMapping": {address: "loft"}}),
            served.ask("POST", f"{PATH}/airbnb/test"),
        ]
        portal.calendars.faults.add("server_error", times=None, value=404)
        portal.sync()
        said += [served.get(path) for path in (f"{PATH}/status", f"{PATH}/airbnb", "/api/openapi.json")]
    canaries = (SECRET, token)
    assert [canary for canary in (KEY, *canaries) if canary in caplog.text] == []
    assert [answer.text for answer in said for canary in canaries if canary in answer.text] == []
    files = [path for path in town.home.folder.rglob("*") if path.is_file()]
    assert [
        path for path in files for canary in (KEY, *canaries) if canary.encode() in path.read_bytes()
    ] == []


def test_the_examples_of_the_document_have_the_fields_of_live_answers(served: Served) -> None:
    schemas = served.get("/openapi.json").json()["components"]["schemas"]
    for name, answer in {
        "Integrations": served.get(f"{PATH}/status"),
        "IntegrationDetail": served.get(f"{PATH}/airbnb"),
        "TestedIntegration": served.ask("POST", f"{PATH}/airbnb/test"),
        "SyncAsked": served.ask("POST", f"{PATH}/airbnb/sync", 202),
    }.items():
        given = {field for field, value in answer.json().items() if value is not None}
        assert given <= schemas[name]["example"].keys() <= answer.json().keys()  # without what is null


@pytest.mark.parametrize("role", [Role.READ, Role.OPERATOR])
def test_only_an_admin_may_do_anything(closed: Served, role: Role) -> None:
    closed.present(role)
    for path in ("configure", "test", "sync"):
        closed.ask("POST", f"{PATH}/airbnb/{path}", 403, json={})
