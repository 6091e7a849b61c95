"""Fields as vendors write them."""

from __future__ import annotations

from datetime import date

import pytest

from rentalsync_pipeline.channels import fields


def test_text_is_what_is_there() -> None:
    given = ["  x ", 7, 1.5, "", "  ", None, True, [], {}]
    assert [fields.text(value) for value in given] == ["x", "7", "1.5", None, None, None, None, None, None]


def test_a_day_is_never_shifted() -> None:
    assert fields.day("2026-12-04") == date(2026, 12, 4)
    assert fields.day("2026-12-04T15:00:00+14:00") == date(2026, 12, 4)
    assert fields.day("2026-12-04 00:00:00") == date(2026, 12, 4)


def test_the_day_of_an_instant_is_that_of_its_place() -> None:
    assert fields.day_at("2026-12-04T23:30:00Z", "Europe/Rome") == date(2026, 12, 5)
    assert fields.day_at("2026-12-04T02:30:00+00:00", "America/New_York") == date(2026, 12, 3)
    with pytest.raises(ValueError, match="without an offset"):
        fields.day_at("2026-12-04T02:30:00", "Europe/Rome")


@pytest.mark.parametrize("value", ["0000-00-00", "04/12/2026", "", None])
def test_what_is_no_day_costs_its_record(value: object) -> None:
    with pytest.raises(ValueError, match=r"isoformat|date|year|month"):
        fields.day(value)


def test_a_stay_holds_a_night() -> None:
    with pytest.raises(ValueError, match="no night"):
        fields.stay(date(2026, 12, 4), date(2026, 12, 4))


def test_the_last_digits_are_those_of_a_number_that_has_some() -> None:
    assert fields.last4("", None, "+49 (151) 55-51 23") == "5123"
    assert fields.last4("12", "n/a") is None


def test_guests_are_counted_whatever_type_they_have() -> None:
    assert fields.count("2", 1) == 3
    assert fields.count("2.0", None, "") == 2
    assert fields.count("0", None) is None


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("Airbnb (API)", "airbnb"),
        ("airbnbOfficial", "airbnb"),
        ("Booking.com", "booking_com"),
        ("bookingcom", "booking_com"),
        ("BookingCom", "booking_com"),
        ("Expedia Affiliate Network", "expedia"),
        ("Hotels.com", "expedia"),
        ("homeaway", "fewo_direkt"),
        ("VRBO", "fewo_direkt"),
        ("FeWo-direkt", "fewo_direkt"),
        ("Website/Booking Engine", None),
        ("direct", None),
        ("", None),
        (None, None),
    ],
)
def test_other_channels_are_known_by_their_names(name: str | None, channel: str | None) -> None:
    assert fields.origin(name) == channel


def test_maps_and_lists_of_objects_are_one() -> None:
    assert fields.items({"7": {"id": 7}}) == fields.items([{"id": 7}]) == [{"id": 7}]
    assert fields.items([]) == fields.items(None) == []


def test_extras_are_what_says_something() -> None:
    assert fields.extras([("Pets", "2 dogs"), ("Empty", ""), (None, "x"), ("Parking", 1)]) == {
        "Pets": "2 dogs",
        "Parking": "1",
    }
