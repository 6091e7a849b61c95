"""Channels are found by themselves, and know their URLs."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.channels.registry import accounts, calendars, channels, colors, recognise, titles

HEX = "0123456789abcdef0123456789abcdef"


def test_the_channels_are_found_in_order() -> None:
    assert list(channels()) == sorted({*calendars(), *accounts()})
    assert {"airbnb", "booking_com", "ical"} <= calendars().keys()
    assert "cloudbeds" in accounts().keys() - calendars().keys()


def test_each_channel_introduces_itself() -> None:
    for name, channel in channels().items():
        assert name == channel.name
        assert channel.title
        assert channel.description.endswith(".")
        assert "copy" in channel.export


def test_titles_are_what_people_say() -> None:
    assert titles()["booking_com"] == "Booking.com"


def test_every_channel_has_a_colour_of_its_own_by_a_css_name() -> None:
    assert len(set(colors().values())) == len(channels())
    assert all(color.isalpha() and color.islower() for color in colors().values())


@pytest.mark.parametrize(
    ("url", "channel"),
    [
        (f"https://www.airbnb.com/calendar/ical/1234567890123456789.ics?s={HEX}", "airbnb"),
        (f"https://www.airbnb.de/calendar/ical/12345678.ics?t={HEX}&locale=de", "airbnb"),
        (f"https://airbnb.co.uk/calendar/ical/12345678.ics?t={HEX}", "airbnb"),
        (f"https://www.airbnb.com.br/calendar/ical/12345678.ics?t={HEX}", "airbnb"),
        ("https://fr.airbnb.com/calendar/ical/12345678.ics", "airbnb"),
        ("webcal://www.airbnb.com/calendar/ical/12345678.ics", "airbnb"),
        ("  HTTPS://WWW.AIRBNB.COM/calendar/ical/12345678.ics \n", "airbnb"),
        ("https://ical.booking.com/v1/export?t=0a1b2c3d-0000-4000-8000-000000000000", "booking_com"),
        ("https://admin.booking.com/hotel/hoteladmin/ical.html?t=abc", "booking_com"),
        ("https://www.expediapartnercentral.com/calendar/export.ics", "expedia"),
        ("https://www.expedia.de/ical/1.ics", "expedia"),
        (f"http://www.vrbo.com/icalendar/{HEX}.ics?nonTentative", "fewo_direkt"),
        (f"https://www.fewo-direkt.de/icalendar/{HEX}.ics", "fewo_direkt"),
        (f"https://www.abritel.fr/icalendar/{HEX}.ics", "fewo_direkt"),
        (f"https://www.homeaway.co.uk/icalendar/{HEX}.ics", "fewo_direkt"),
        (f"https://www.stayz.com.au/icalendar/{HEX}.ics", "fewo_direkt"),
        (f"https://www.bookabach.co.nz:443/icalendar/{HEX}.ics", "fewo_direkt"),
        ("https://calendar.google.com/calendar/ical/a%40example.org/private-0/basic.ics", "google"),
        ("https://www.google.com/calendar/ical/a%40example.org/private-0/basic.ics", "google"),
        ("https://calendar.google.com", "google"),
        ("https://www.google.com/travel/hotels", "ical"),
        ("https://app.ownerrez.com/feeds/ical/1", "ical"),
        ("https://www.airbnb.com.evil.example/calendar/ical/1.ics", "ical"),
        ("https://notairbnb.com/calendar/ical/1.ics", "ical"),
        ("https://example.org/https://www.airbnb.com/calendar/ical/1.ics", "ical"),
        ("https://example.org/?next=www.airbnb.com/", "ical"),
        ("https://www.airbnb.com@example.org/calendar/ical/1.ics", "ical"),
        ("calendars/www.airbnb.com/1.ics", "ical"),
        ("file:///home/me/booking.com/room.ics", "ical"),
        ("", "ical"),
    ],
)
def test_a_pasted_url_is_recognised(url: str, channel: str) -> None:
    assert recognise(url) == channel
