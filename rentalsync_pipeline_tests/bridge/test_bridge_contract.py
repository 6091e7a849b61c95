"""The bridge's contract (RentalSync Bridge 1.0.0, 2025-01-24), example by example, against a live answer.

The town is the contract's: its two listings, its guest, its moments. What can't be equal is named at the
example, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rentalsync_pipeline import __version__
from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.town import NewTown, Town

CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VEVENT
UID:RES123456
DTSTART;VALUE=DATE:20250201
DTEND;VALUE=DATE:20250205
SUMMARY:Downtown Loft
DESCRIPTION:Guest name: John Doe\\nPhone: +1 555 0100 5678\\nBooking ID: RES123456
END:VEVENT
END:VCALENDAR
"""

PHONE = {
    "field_name": "guest_phone_last4",
    "display_label": "Phone (Last 4)",
    "enabled": True,
    "sort_order": 0,
}
NOTES = {
    "field_name": "booking_notes",
    "display_label": "Special Requests",
    "enabled": True,
    "sort_order": 1,
}
FIELDS = [{"id": 1, **PHONE}, {"id": 2, **NOTES}]
LOFT: dict[str, Any] = {
    "id": 1,
    "cloudbeds_id": "downtown-loft",  # the contract's 12345 needs an account; a calendar has no such id
    "name": "Downtown Loft",
    "enabled": True,
    "ical_url": "https://homeassistant.local:8099/ical/downtown-loft.ics",
    "ical_url_slug": "downtown-loft",
    "timezone": "America/New_York",
    "sync_enabled": True,
    "last_sync_at": "2025-01-24T12:30:00Z",
    "last_sync_error": None,
    "bookings_count": 1,  # the contract's loft has 45
}
BEACH_HOUSE: dict[str, Any] = {
    "id": 2,
    "cloudbeds_id": "beach-house",
    "name": "Beach House",
    "enabled": False,
    "ical_url": None,
    "ical_url_slug": "beach-house",
    "timezone": "America/Los_Angeles",
    "sync_enabled": False,
    "last_sync_at": None,
    "last_sync_error": None,
    "bookings_count": 0,
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Town]:
    """The contract's town at 2025-01-24 12:30 UTC, with a daemon that looks for work."""
    town = Town(tmp_path_factory.mktemp("contract"), template)
    town.now = datetime(2025, 1, 24, 12, 15, tzinfo=UTC)
    town.document |= {"public_url": "https://homeassistant.local:8099", "settings": {"interval": "5m"}}
    fields = ["guest_phone_last4", {"name": "booking_notes", "label": "Special Requests"}]
    feed = {"token": False, "style": "timed"}
    town.listing("downtown-loft", name="Downtown Loft", timezone="America/New_York", feed=feed, fields=fields)
    town.connect("loft", CALENDAR, channel="ical", listing="downtown-loft")
    town.apply()
    off = {"enabled": False, "sync": False, "feed": {"token": False}}
    town.listing("beach-house", name="Beach House", timezone="America/Los_Angeles", **off)
    town.apply()
    town.sync()
    town.stores.control.record_look(town.now)
    yield town
    town.close()


@pytest.fixture
def contract(new_town: NewTown, prepared: Town) -> Iterator[Served]:
    """Its server, which each test may do with as it likes."""
    with serving(new_town("town", prepared), BridgeSettings(standalone=True, max_listings=50)) as served:
        yield served


# Health & Status


def test_get_health(contract: Served) -> None:
    contract.town.now = datetime(2025, 1, 24, 12, 34, 56, tzinfo=UTC)
    answer = contract.get("/health").json()
    assert answer == {"status": "healthy", "version": __version__, "timestamp": "2025-01-24T12:34:56Z"}


def test_get_health_when_the_database_fails(contract: Served) -> None:
    control = contract.town.home.path / "control.db"
    contract.town.stores.control.close()
    contract.app.state.bridge.control.close()
    control.unlink()
    control.mkdir()
    answer = contract.get("/health", 503).json()
    assert answer.keys() == {"status", "error"}
    assert answer["status"] == "unhealthy"
    assert "control store" in answer["error"]


def test_get_status(contract: Served) -> None:
    assert contract.get("/api/status").json() == {
        "oauth_configured": False,  # a calendar needs none
        "oauth_valid": False,
        "last_global_sync": "2025-01-24T12:30:00Z",
        "listings_enabled": 1,  # the contract's 5
        "total_bookings_cached": 1,  # the contract's 1234
        "sync_interval_minutes": 5,
        "next_sync_at": "2025-01-24T12:35:00Z",
    }


# Listing Management


def test_get_listings(contract: Served) -> None:
    assert contract.get("/api/listings").json() == {"listings": [LOFT, BEACH_HOUSE], "total": 2}


@pytest.mark.parametrize(("enabled", "listing"), [("true", LOFT), ("false", BEACH_HOUSE)])
def test_get_listings_by_enabled(contract: Served, enabled: str, listing: dict[str, Any]) -> None:
    answer = contract.get("/api/listings", params={"enabled": enabled}).json()
    assert answer == {"listings": [listing], "total": 1}


def test_get_listing(contract: Served) -> None:
    assert contract.get("/api/listings/1").json() == {**LOFT, "custom_fields": FIELDS}
    assert contract.get("/api/listings/3", 404).json() == {"error": "Listing not found"}


def test_enable_a_listing(contract: Served) -> None:
    body = {"enabled": True, "sync_enabled": True, "custom_fields": [PHONE, NOTES]}
    assert contract.ask("POST", "/api/listings/2/enable", json=body).json() == {
        "message": "Listing enabled successfully",
        "ical_url": "https://homeassistant.local:8099/ical/beach-house.ics",
        "sync_triggered": True,
    }
    assert contract.get("/api/listings/2").json()["custom_fields"] == FIELDS


def test_enable_one_listing_too_many(contract: Served) -> None:
    with serving(contract.town, BridgeSettings(standalone=True, max_listings=1)) as served:
        answer = served.ask("POST", "/api/listings/2/enable", 400, json={"enabled": True})
        assert answer.json() == {"error": "Maximum of 1 listings can be enabled"}
        served.ask("PUT", "/api/listings/2", 400, json={"enabled": True})
        served.ask("POST", "/api/listings/1/enable", json={"enabled": True})


def test_update_a_listing(contract: Served) -> None:
    body = {"enabled": True, "sync_enabled": True, "timezone": "America/New_York"}
    assert contract.ask("PUT", "/api/listings/1", json=body).json() == {
        "message": "Listing updated successfully",
        "listing": {"id": 1, "enabled": True, "sync_enabled": True, "timezone": "America/New_York"},
    }


def test_trigger_a_sync(contract: Served) -> None:
    assert contract.ask("POST", "/api/listings/1/sync", 202).json() == {
        "message": "Sync triggered for listing 'Downtown Loft'",
        "sync_status": "in_progress",
    }
    for number in (2, 3):
        answer = contract.ask("POST", f"/api/listings/{number}/sync", 404)
        assert answer.json() == {"error": "Listing not found or not enabled"}


# Custom Fields Management


def test_get_custom_fields(contract: Served) -> None:
    hidden = {**NOTES, "enabled": False}
    contract.ask("PUT", "/api/listings/1/custom-fields", json={"custom_fields": [PHONE, hidden]})
    answer = contract.get("/api/listings/1/custom-fields").json()
    assert answer.keys() == {"custom_fields", "available_fields"}
    assert answer["custom_fields"] == [{"id": 1, **PHONE}, {"id": 2, **hidden}]
    available = {each["field_name"]: each for each in answer["available_fields"]}
    for field in (
        {
            "field_name": "guest_phone_last4",
            "display_label": "Phone (Last 4)",
            "description": "Last 4 digits of guest phone number",
        },
        {
            "field_name": "booking_notes",
            "display_label": "Special Requests",
            "description": "Guest notes and special requests",
        },
        {
            "field_name": "guest_email_domain",
            "display_label": "Email Domain",
            "description": "Domain part of guest email (e.g., gmail.com)",
        },
        {
            "field_name": "arrival_time",
            "display_label": "Arrival Time",
            "description": "Expected arrival time",
        },
    ):
        assert available[field["field_name"]] == field


def test_put_custom_fields(contract: Served) -> None:
    body = {"custom_fields": [PHONE, {**NOTES, "display_label": "Notes"}]}
    assert contract.ask("PUT", "/api/listings/1/custom-fields", json=body).json() == {
        "message": "Custom fields updated successfully",
        "custom_fields_count": 2,
    }


# Bookings


def test_get_bookings(contract: Served) -> None:
    answer = contract.get("/api/listings/1/bookings").json()
    number = answer["bookings"][0]["id"]
    assert isinstance(number, int)
    assert answer == {
        "bookings": [
            {
                "id": number,  # the contract's 1: ours stays the same when the warehouse is rebuilt
                "cloudbeds_booking_id": "RES123456",
                "guest_name": "John Doe",
                "guest_phone_last4": "5678",
                "check_in_date": "2025-02-01T15:00:00-05:00",
                "check_out_date": "2025-02-05T11:00:00-05:00",
                "status": "confirmed",
                "custom_data": {},  # a calendar delivers no notes
                "last_fetched_at": "2025-01-24T12:30:00Z",
            }
        ],
        "total": 1,
    }


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ({"status": "confirmed"}, 1),
        ({"status": "cancelled"}, 0),
        ({"from_date": "2025-02-05"}, 1),
        ({"from_date": "2025-02-06"}, 0),
        ({"to_date": "2025-02-01"}, 1),
        ({"to_date": "2025-01-31"}, 0),
    ],
)
def test_get_bookings_by_status_and_date(contract: Served, query: dict[str, str], total: int) -> None:
    assert contract.get("/api/listings/1/bookings", params=query).json()["total"] == total


# iCal Feed Endpoints


def test_get_the_calendar(contract: Served) -> None:
    answer = contract.get("/ical/downtown-loft.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'inline; filename="downtown-loft.ics"'
    lines = answer.text.split("\r\n")
    for line in (
        "X-WR-CALNAME:Downtown Loft",
        "X-WR-TIMEZONE:America/New_York",
        "DTSTART;TZID=America/New_York:20250201T150000",
        "DTEND;TZID=America/New_York:20250205T110000",
        "DTSTAMP:20250124T123000Z",
        "SUMMARY:John Doe",
        "DESCRIPTION:Phone (Last 4): 5678",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
    ):
        assert line in lines
    missing = contract.get("/ical/uptown-loft.ics", 404)
    assert missing.headers["Content-Type"].startswith("text/plain")
    assert missing.text == "Calendar not found or not enabled"


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
    contract.town.sync()
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
