"""The bridge's contract, example by example, against live answers.

The town is the contract's: its two listings, its guest, its moments. What can't be equal stands at the
example, with the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from rentalsync_pipeline import __version__
from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.operations.configuring.agreeing import account, exchange
from rentalsync_pipeline.operations.stores import Scope
from rentalsync_pipeline_tests.bridge.contract import EXAMPLES, examples, told
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.town import NewTown, Town
from rentalsync_pipeline_tests.simulators.cloudbeds import Cloudbeds
from rentalsync_pipeline_tests.simulators.smoobu import Smoobu
from rentalsync_pipeline_tests.simulators.world import Listing, Room, World

SEED = Path(__file__).parents[3] / "shared" / "seeds" / "rentalsync-bridge-api-contract.md"

AGREED = datetime(2025, 1, 24, 10, tzinfo=UTC)
"""When a person let us in; the vendor's tokens last eight hours."""
PHONE, NOTES = EXAMPLES["POST /api/listings/{id}/enable"]["custom_fields"]
FIELDS = EXAMPLES["GET /api/listings/{id} 200"]["custom_fields"]
LOFT = Scope(connections=("downtown-loft",))
"""What syncs ask: nothing else is told of by the contract, and the vendor of OAuth takes its time."""
NIGHTS = {"from_date": "2025-02-01", "to_date": "2025-02-05"}

_LISTINGS = {
    "downtown-loft": Listing("downtown-loft", "downtown", 12345 - 3_327_000, "America/New_York"),
    "beach-house": Listing("beach-house", "beach", 67890 - 3_327_000, "America/Los_Angeles"),
}
"""By their numbers in the contract: the simulator counts from 3,327,000."""


@dataclass(frozen=True)
class Prepared:
    """The contract's town, and the vendor whose OAuth it speaks of."""

    town: Town
    cloudbeds: Cloudbeds


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Prepared]:
    """The contract's town at 2025-01-24 12:30 UTC, with a daemon that looks for work.

    Its guests are those of a manager that tells of their wishes; Cloudbeds lets us in, and has none.
    """
    town = Town(tmp_path_factory.mktemp("contract"), template)
    town.now = datetime(2025, 1, 24, 12, 15, tzinfo=UTC)
    world = World(_LISTINGS, town.now)
    manager, cloudbeds = Smoobu(world, ticks=count(step=60).__next__), Cloudbeds(World(_LISTINGS, AGREED))
    cloudbeds.client["client_id"] = EXAMPLES["GET /api/oauth/status 200"]["client_id"]
    with manager.serving() as url, cloudbeds.serving() as vendor:
        _configure(town, manager, url, cloudbeds, vendor)
        _sell(world)
        control, code = town.stores.control, cloudbeds.codes.new(AGREED)
        exchange(control, account(control, None), code, f"{url}/back", "the owner", AGREED)
        town.sync(scope=LOFT)
        town.stores.control.record_look(town.now)
        yield Prepared(town, cloudbeds)
    town.close()


def _configure(town: Town, manager: Smoobu, url: str, cloudbeds: Cloudbeds, vendor: str) -> None:
    town.document |= {"public_url": "https://homeassistant.local:8099", "settings": {"interval": "5m"}}
    fields = ["guest_phone_last4", {"name": "booking_notes", "label": "Special Requests"}]
    feed = {"token": False, "style": "timed"}
    town.listing("downtown-loft", name="Downtown Loft", timezone="America/New_York", feed=feed, fields=fields)
    town.apply()
    off = {"enabled": False, "sync": False, "feed": {"token": False}}
    town.listing("beach-house", name="Beach House", timezone="America/Los_Angeles", **off)
    for slug, home in _LISTINGS.items():
        town.connections[slug] = {
            "channel": "smoobu",
            "credentials": {"api_key": manager.key},
            "base_url": url,
            "listings": {str(manager.apartment(home)["id"]): slug},
        }
    town.connections["hotel"] = {
        "channel": "cloudbeds",
        "credentials": dict(cloudbeds.client),
        "base_url": vendor,
        "listings": {},
    }
    town.apply()


def _sell(world: World) -> None:
    """To John Doe, who arrives late, and to 44 others."""
    room = Room("downtown-loft", date(2025, 2, 1), date(2025, 2, 5))
    booked = world.book("airbnb", room, note="Late arrival expected")
    john = replace(booked.guest, first="John", last="Doe", phone="+15550105678")
    world.change(booked.number, code="RES123456", guest=john)
    for week in range(1, 45):
        first = date(2025, 2, 5) + timedelta(weeks=week)
        world.book("airbnb", Room("downtown-loft", first, first + timedelta(days=3)))


@pytest.fixture
def contract(new_town: NewTown, prepared: Prepared) -> Iterator[Served]:
    """Its server, which each test may do with as it likes."""
    settings = BridgeSettings(standalone=True, max_listings=50)
    with serving(new_town("town", prepared.town), settings) as served:
        yield served


def _holds(name: str, answer: Any, but: dict[str, Any] | None = None) -> None:
    """Every example of an error may have a `detail` more, as `ErrorSchema` allows it."""
    detail = {"detail": answer["detail"]} if "error" in answer and "detail" in answer else {}
    assert answer == told(name, but) | detail


def test_the_examples_are_those_of_the_contract() -> None:
    if not SEED.exists():
        pytest.skip("the contract is not kept with this repository")
    assert dict(examples(SEED.read_text(encoding="utf-8"))) == EXAMPLES


def test_every_example_is_held_against_an_answer() -> None:
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    named = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert EXAMPLES.keys() <= named


# Health & Status


def test_get_health(contract: Served) -> None:
    contract.town.now = datetime(2025, 1, 24, 12, 34, 56, tzinfo=UTC)
    _holds("GET /health 200", contract.get("/health").json(), {"version": __version__})


def test_get_health_when_the_database_fails(contract: Served) -> None:
    control = contract.town.home.path / "control.db"
    contract.town.stores.control.close()
    contract.app.state.bridge.control.close()
    control.unlink()
    control.mkdir()
    answer = contract.get("/health", 503).json()
    _holds("GET /health 503", answer, {"error": answer["error"]})  # ours says which store
    assert "control store" in answer["error"]


def test_get_status(contract: Served) -> None:
    fewer = {"listings_enabled": 1, "total_bookings_cached": 45}
    _holds("GET /api/status 200", contract.get("/api/status").json(), fewer)


# OAuth Configuration


def test_get_oauth_status(contract: Served) -> None:
    _holds("GET /api/oauth/status 200", contract.get("/api/oauth/status").json())


def test_configure_oauth(contract: Served) -> None:
    body = told("POST /api/oauth/configure")
    answer = contract.ask("POST", "/api/oauth/configure", json=body)
    _holds("POST /api/oauth/configure 200", answer.json())
    refused = contract.ask("POST", "/api/oauth/configure", 400, json={"client_id": body["client_id"]})
    _holds("POST /api/oauth/configure 400", refused.json())


def test_refresh_oauth(contract: Served, prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    contract.town.now = AGREED
    _holds("POST /api/oauth/refresh 200", contract.ask("POST", "/api/oauth/refresh").json())
    monkeypatch.setitem(prepared.cloudbeds.client, "client_secret", "changed")
    _holds("POST /api/oauth/refresh 401", contract.ask("POST", "/api/oauth/refresh", 401).json())


# Listing Management


def test_get_listings(contract: Served) -> None:
    _holds("GET /api/listings 200", contract.get("/api/listings").json())


@pytest.mark.parametrize(("enabled", "place"), [("true", 0), ("false", 1)])
def test_get_listings_by_enabled(contract: Served, enabled: str, place: int) -> None:
    answer = contract.get("/api/listings", params={"enabled": enabled}).json()
    assert answer == {"listings": [told("GET /api/listings 200")["listings"][place]], "total": 1}


def test_get_listing(contract: Served) -> None:
    _holds("GET /api/listings/{id} 200", contract.get("/api/listings/1").json())
    _holds("GET /api/listings/{id} 404", contract.get("/api/listings/3", 404).json())


def test_enable_a_listing(contract: Served) -> None:
    for body in (told("Enable a listing with custom fields"), told("POST /api/listings/{id}/enable")):
        answer = contract.ask("POST", "/api/listings/1/enable", json=body).json()
        _holds("POST /api/listings/{id}/enable 200", answer)
    assert contract.get("/api/listings/1").json()["custom_fields"] == FIELDS


def test_enable_one_listing_too_many(contract: Served) -> None:
    for number in range(49):
        contract.town.listing(f"room-{number}")
    contract.town.apply()
    body = told("POST /api/listings/{id}/enable")
    refused = contract.ask("POST", "/api/listings/2/enable", 400, json=body)
    _holds("POST /api/listings/{id}/enable 400", refused.json())
    contract.ask("PUT", "/api/listings/2", 400, json={"enabled": True})
    contract.ask("POST", "/api/listings/1/enable", json=body)


def test_enable_a_listing_that_was_not(contract: Served) -> None:
    answer = contract.ask("POST", "/api/listings/2/enable", json=told("POST /api/listings/{id}/enable"))
    address = {"ical_url": "https://homeassistant.local:8099/ical/beach-house.ics"}
    _holds("POST /api/listings/{id}/enable 200", answer.json(), address)
    assert contract.get("/api/listings/2").json()["custom_fields"] == FIELDS


def test_update_a_listing(contract: Served) -> None:
    answer = contract.ask("PUT", "/api/listings/1", json=told("PUT /api/listings/{id}"))
    _holds("PUT /api/listings/{id} 200", answer.json())


def test_trigger_a_sync(contract: Served) -> None:
    answer = contract.ask("POST", "/api/listings/1/sync", 202)
    _holds("POST /api/listings/{id}/sync 202", answer.json())
    for number in (2, 3):
        refused = contract.ask("POST", f"/api/listings/{number}/sync", 404)
        _holds("POST /api/listings/{id}/sync 404", refused.json())


# Custom Fields Management


def test_get_custom_fields(contract: Served) -> None:
    hidden = {"custom_fields": [PHONE, {**NOTES, "enabled": False}]}
    contract.ask("PUT", "/api/listings/1/custom-fields", json=hidden)
    answer = contract.get("/api/listings/1/custom-fields").json()
    wanted = told("GET /api/listings/{id}/custom-fields 200")
    names = {each["field_name"] for each in wanted["available_fields"]}
    others = [each for each in answer["available_fields"] if each["field_name"] not in names]
    assert answer["custom_fields"] == wanted["custom_fields"]
    assert [each for each in answer["available_fields"] if each not in others] == wanted["available_fields"]
    assert {"guests", "check_in"} <= {each["field_name"] for each in others}  # there are more than four


def test_put_custom_fields(contract: Served) -> None:
    body = told("PUT /api/listings/{id}/custom-fields")
    answer = contract.ask("PUT", "/api/listings/1/custom-fields", json=body)
    _holds("PUT /api/listings/{id}/custom-fields 200", answer.json())


# Bookings


def test_get_bookings(contract: Served) -> None:
    answer = contract.get("/api/listings/1/bookings", params=NIGHTS).json()
    ours = {"bookings.0.id": answer["bookings"][0]["id"]}  # stays the same when the warehouse is rebuilt
    _holds("GET /api/listings/{id}/bookings 200", answer, ours)


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ({"status": "confirmed"}, 45),
        ({"status": "cancelled"}, 0),
        ({"to_date": "2025-02-05"}, 1),
        ({"from_date": "2025-02-05"}, 45),
        ({"from_date": "2025-02-06"}, 44),
        ({"to_date": "2025-02-01"}, 1),
        ({"to_date": "2025-01-31"}, 0),
    ],
)
def test_get_bookings_by_status_and_date(contract: Served, query: dict[str, str], total: int) -> None:
    assert contract.get("/api/listings/1/bookings", params=query).json()["total"] == total


# iCal Feed Endpoints


def test_get_the_calendar(contract: Served) -> None:
    content_type, disposition, _, *lines = told("GET /ical/{slug}.ics 200")
    answer = contract.get("/ical/downtown-loft.ics")
    assert f"Content-Type: {answer.headers['Content-Type']}" == content_type
    assert f"Content-Disposition: {answer.headers['Content-Disposition']}" == disposition
    assert set(filter(None, lines)) - set(_unfolded(answer.text)) == {
        "METHOD:PUBLISH",  # RFC 5546 wants an ORGANIZER with it
        "PRODID:-//RentalSync Bridge//EN",  # says who wrote it
        "UID:RES123456@rentalsync.local",  # names a reservation to whoever imports the calendar
        "DTSTART:20241103T020000",  # our zones begin before all stays, and so elsewhere in the year
        "DTSTART:20250309T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",  # in another order: BYDAY before BYMONTH
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
    }


def test_get_a_calendar_that_is_none(contract: Served) -> None:
    content_type, _, text = told("GET /ical/{slug}.ics 404")
    missing = contract.get("/ical/uptown-loft.ics", 404)
    assert f"Content-Type: {missing.headers['Content-Type']}" == f"{content_type}; charset=utf-8"
    assert missing.text == text


def _unfolded(calendar: str) -> list[str]:
    return calendar.replace("\r\n ", "").split("\r\n")


# Data Models


@pytest.mark.parametrize("name", ["ListingSchema", "CustomFieldSchema", "BookingSchema", "ErrorSchema"])
def test_a_model_has_the_fields_and_types_of_the_contract(contract: Served, name: str) -> None:
    schema = contract.get("/api/openapi.json").json()["components"]["schemas"][name]
    assert list(schema["properties"]) == list(told(name))
    for field, said in told(name).items():
        ours = schema["properties"][field]
        assert ours.get("nullable", False) == ("null" in said or "optional" in said), field
        kind = "string" if "datetime" in said else said.split(" ")[0]
        assert _type(contract, ours) == kind, field
        assert ("datetime" in said) == (ours.get("format") == "date-time"), field


def _type(contract: Served, schema: dict[str, Any]) -> str:
    for reference in (schema, *schema.get("allOf", ())):
        if "$ref" in reference:
            name = reference["$ref"].rpartition("/")[2]
            schema = contract.get("/api/openapi.json").json()["components"]["schemas"][name]
            assert schema["enum"] == ["confirmed", "cancelled", "pending", "no_show"]
    return str(schema["type"])


# HTTP Status Codes, CORS, OpenAPI


def test_a_slug_in_use_is_a_conflict(contract: Served) -> None:
    answer = contract.ask("PUT", "/api/listings/2", 409, json={"ical_url_slug": "downtown-loft"})
    assert answer.json() == {"error": "the slug `downtown-loft` is in use by another listing"}


def test_a_wrong_body_is_told_where(contract: Served) -> None:
    wrong = contract.ask("PUT", "/api/listings/1", 422, json={"enabled": "perhaps"}).json()
    assert wrong == {"error": "Validation error", "detail": "body.enabled: Input should be a valid boolean"}
    broken = contract.ask(
        "PUT", "/api/listings/1", 400, content=b"{", headers={"Content-Type": "application/json"}
    )
    assert broken.json() == {"error": "Invalid request body", "detail": "it is no JSON"}
    zone = contract.ask("PUT", "/api/listings/1", 422, json={"timezone": "America/New_Yorc"}).json()
    assert zone["detail"] == "did you mean America/New_York?"


def test_a_fault_of_ours_is_an_error_like_any_other(contract: Served) -> None:
    contract.app.state.bridge = None
    assert contract.get("/api/listings", 500).json() == {"error": "Internal server error"}


def test_only_calendars_are_for_pages_of_other_origins(contract: Served) -> None:
    origin = {"Origin": "https://example.com"}
    calendar = contract.get("/ical/downtown-loft.ics", headers=origin)
    assert calendar.headers["Access-Control-Allow-Origin"] == "*"
    admin = contract.get("/api/listings", headers=origin)
    assert "Access-Control-Allow-Origin" not in admin.headers


@pytest.mark.parametrize("path", ["/api/openapi.json", "/openapi.json"])
def test_the_document_is_openapi_3_0_with_an_example_for_every_body(contract: Served, path: str) -> None:
    document = contract.get(path).json()
    assert document["openapi"] == "3.0.3"
    assert "/ical/{slug}.ics" in document["paths"]
    schemas = document["components"]["schemas"]
    objects = {name for name, schema in schemas.items() if schema["type"] == "object"}
    assert {name for name in objects if "example" not in schemas[name]} == set()


def test_the_documentation_needs_nothing_from_elsewhere(contract: Served) -> None:
    for path in ("/api/docs", "/docs"):
        page = contract.get(path).text
        assert "/api/docs/swagger-ui-bundle.js" in page
        assert "https://" not in page
    script = contract.get("/api/docs/swagger-ui-bundle.js")
    assert "SwaggerUIBundle" in script.text
    contract.get("/api/docs/LICENSE", 404)


# What the contract does not say, and its users need


def test_a_listing_that_is_disabled_is_gone_at_once(contract: Served) -> None:
    contract.ask("PUT", "/api/listings/1", json={"enabled": False})
    contract.get("/ical/downtown-loft.ics", 404)


def test_a_listing_gets_another_slug_and_keeps_its_number(contract: Served) -> None:
    contract.ask("PUT", "/api/listings/1", json={"ical_url_slug": "uptown-loft", "name": "Uptown Loft"})
    contract.town.sync(scope=LOFT)
    listing = contract.get("/api/listings/1").json()
    assert (listing["ical_url_slug"], listing["name"]) == ("uptown-loft", "Uptown Loft")
    assert listing["ical_url"].endswith("/ical/uptown-loft.ics")
    for slug in ("uptown-loft", "downtown-loft"):  # an address in use goes on
        assert b"John Doe" in contract.get(f"/ical/{slug}.ics").content


def test_without_a_daemon_a_sync_is_refused_with_the_reason(contract: Served) -> None:
    contract.town.now += timedelta(minutes=2)
    answer = contract.ask("POST", "/api/listings/1/sync", 503).json()
    assert "no daemon has looked for work since 2025-01-24 12:30 UTC" in answer["error"]
    enabled = contract.ask("POST", "/api/listings/2/enable", json={"enabled": True}).json()
    assert enabled["sync_triggered"] is False


def test_fields_that_are_none_or_stand_there_twice_are_refused(contract: Served) -> None:
    for fields in ([{**PHONE, "field_name": "guest_passport"}], [PHONE, PHONE]):
        contract.ask("PUT", "/api/listings/1/custom-fields", 400, json={"custom_fields": fields})
    assert contract.get("/api/listings/1/custom-fields").json()["custom_fields"] == FIELDS


def test_what_was_answered_can_be_sent_back(contract: Served) -> None:
    fields = contract.get("/api/listings/1/custom-fields").json()["custom_fields"]
    contract.ask("PUT", "/api/listings/1/custom-fields", json={"custom_fields": fields})
    assert contract.get("/api/listings/1/custom-fields").json()["custom_fields"] == fields
