"""What an account delivers beyond dates reaches the API: its ids, its fields, and what a guest asked for."""

from __future__ import annotations

from rentalsync_pipeline_tests.bridge.served import serving
from rentalsync_pipeline_tests.operations.hotel import mapping, opened, room
from rentalsync_pipeline_tests.operations.town import Town

NOTE = "Late arrival expected"


def test_a_guests_wish_is_a_field_that_can_be_shown_and_then_is_in_calendar_and_bookings(town: Town) -> None:
    with opened(town, 2) as hotel, serving(town) as served:
        slug = next(iter(hotel.world.listings))
        booked = hotel.world.book("cloudbeds", room(slug, "2026-12-20", 3), note=NOTE)
        hotel.sync()
        listings = served.get("/api/listings").json()["listings"]
        (listing,) = [each for each in listings if each["ical_url_slug"] == slug]
        assert mapping(hotel.cloudbeds)[listing["cloudbeds_id"]] == slug
        path = f"/api/listings/{listing['id']}"
        fields = served.get(f"{path}/custom-fields").json()["available_fields"]
        (wish,) = [each["field_name"] for each in fields if "special" in each["field_name"].lower()]
        line = {"field_name": wish, "display_label": "Special Requests", "enabled": True, "sort_order": 0}
        served.ask("PUT", f"{path}/custom-fields", json={"custom_fields": [line]})
        hotel.sync()
        (booking,) = served.get(f"{path}/bookings").json()["bookings"]
        assert booking["custom_data"] == {wish: NOTE}
        assert booking["guest_name"] == booked.guest.name
        file = town.path(slug, "owner")
        assert file
        assert f"Special Requests: {NOTE}" in served.get(f"/ical/{file.name}").text
