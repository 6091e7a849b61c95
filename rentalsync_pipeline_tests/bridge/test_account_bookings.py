"""What an account delivers beyond dates reaches the API: its ids, its fields, and what a guest asked for."""

from __future__ import annotations

import pytest

from rentalsync_pipeline_tests.bridge.served import serving
from rentalsync_pipeline_tests.operations.hotel import mapping, opened, room
from rentalsync_pipeline_tests.operations.town import Town

pytestmark = pytest.mark.usefixtures("no_waiting")

WISH = "Special Requests"
NOTE = "Late arrival expected"


@pytest.mark.slow
def test_a_guests_wish_is_in_calendar_and_bookings_where_its_field_is_shown(town: Town) -> None:
    with opened(town, 2) as hotel, serving(town) as served:
        slug = next(iter(hotel.world.listings))
        town.listings[slug]["fields"] = [WISH]
        town.apply()
        booked = hotel.world.book("cloudbeds", room(slug, "2026-12-20", 3), note=NOTE)
        hotel.sync()
        listings = served.get("/api/listings").json()["listings"]
        (listing,) = [each for each in listings if each["ical_url_slug"] == slug]
        assert mapping(hotel.cloudbeds)[listing["cloudbeds_id"]] == slug
        (booking,) = served.get(f"/api/listings/{listing['id']}/bookings").json()["bookings"]
        assert booking["custom_data"] == {WISH: NOTE}
        assert booking["guest_name"] == booked.guest.name
        file = town.path(slug, "owner")
        assert file
        assert f"Special requests: {NOTE}" in served.get(f"/ical/{file.name}").text
        others = served.get(f"/api/listings/{listing['id']}/custom-fields").json()["available_fields"]
        assert {"room_name", "source"} <= {each["field_name"] for each in others}
