"""Real exports of real channels are read as their index says.

They lie in `../shared/samples`, which is not part of this project.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from rentalsync_pipeline.calendars.completeness import failure
from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline.core.model import Booking, Kind, Reading
from rentalsync_pipeline.core.verdict import Reason

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"

OTHERS = sorted(path for path in SAMPLES.glob("*") if path.suffix not in (".ics", ".md"))
"""Answers of APIs, and an error."""

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real exports are not beside this checkout")

KINDS = {"r": Kind.RESERVATION, "b": Kind.BLOCK, "t": Kind.TENTATIVE, "h": Kind.HORIZON, "u": Kind.UNKNOWN}
EXPECTED = {
    "agoda_01": ("2025-11-10", "agoda", "1r"),
    "airbnb_01": ("2025-07-06", "airbnb", "4r 4b"),
    "airbnb_02": ("2025-07-07", "airbnb", "3r 4b"),
    "airbnb_03": ("2025-07-08", "airbnb", "3r 5b"),
    "airbnb_04": ("2025-08-12", "airbnb", "2r 1b 1h"),
    "airbnb_05": ("2025-08-13", "airbnb", "2r 1b 1h"),
    "airbnb_06": ("2025-08-14", "airbnb", "2r 1b 1h"),
    "airbnb_07": ("2022-09-27", "airbnb", "8r 12b 1h"),
    "airbnb_09": ("2026-08-22", "airbnb", "6r 8b 1h"),
    "airbnb_10_merged_six_listings": ("2026-08-22", "airbnb", "173r 3b"),
    "airbnb_12_altered_1": ("2026-02-21", "airbnb", "1r"),
    "airbnb_12_altered_2": ("2026-05-18", "airbnb", "1r"),
    "airbnb_14_INVENTED_pre2019_style": ("2025-02-01", "airbnb", "12r"),
    "avaibook_01": ("2026-08-16", "avaibook", "5r 2u"),
    "bookingcom_01": ("2026-07-07", "booking_com", "5u 1h"),
    "bookingcom_02": ("2026-07-07", "booking_com", "5u 1h"),
    "bookingcom_03": ("2026-08-14", "booking_com", "4u 1h"),
    "bookingcom_04": ("2026-08-14", "booking_com", "3u 1h"),
    "bookingcom_05": ("2026-08-15", "booking_com", "3u 1h"),
    "bookingcom_06": ("2026-04-14", "booking_com", "1h"),
    "bookingcom_07": ("2026-04-15", "booking_com", ""),
    "bookingcom_08": ("2026-04-15", "booking_com", "1h"),
    "bookingcom_09": ("2025-11-23", "booking_com", "4u 1h"),
    "ownerrez_01": ("2023-02-01", "ownerrez", "1r"),
    "scraper_no_prodid_01": ("2025-03-01", "generic", "4u"),
    "vrbo_abritel_02": ("2020-07-03", "vrbo", "4r 1b 1t"),
    "vrbo_fewodirekt_01": ("2023-04-11", "vrbo", "9r 5b"),
}
"""The day on which it was fetched, who wrote it, and how many of each kind it holds."""


def read(name: str) -> Reading:
    body = (SAMPLES / f"{name}.ics").read_bytes()
    assert failure(body) is None
    return read_calendar(body, timezone="Europe/Rome", today=date.fromisoformat(EXPECTED[name][0]))


def kept(name: str, kind: Kind) -> dict[str, Booking]:
    return {booking.key: booking for booking in read(name).bookings if booking.kind is kind}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_export_holds_what_its_index_says(name: str) -> None:
    _, dialect, kinds = EXPECTED[name]

    reading = read(name)

    assert reading.dialect == dialect
    assert reading.rejected == ()
    expected = {KINDS[letter]: int(count) for count, letter in re.findall(r"(\d+)(\w)", kinds)}
    assert Counter(booking.kind for booking in reading.bookings) == expected


def test_every_calendar_among_the_samples_is_expected() -> None:
    assert {path.stem for path in SAMPLES.glob("*.ics")} == set(EXPECTED)


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_what_is_no_calendar_does_not_pass(path: Path) -> None:
    fault = failure(path.read_bytes())

    assert fault is not None
    assert fault.reason is Reason.NOT_A_CALENDAR


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.startswith("airbnb_0")])
def test_every_reservation_of_airbnb_has_its_code_digits_and_url(name: str) -> None:
    for booking in kept(name, Kind.RESERVATION).values():
        assert booking.code is not None
        assert re.fullmatch(r"HM[A-Z0-9]{8}", booking.code)
        assert booking.phone_last4 is not None
        assert booking.url is not None
        assert booking.url.endswith(f"/hosting/reservations/details/{booking.code}")


def test_a_reservation_of_airbnb_keeps_its_key_when_its_dates_change() -> None:
    [(before, was)] = kept("airbnb_12_altered_1", Kind.RESERVATION).items()
    [(after, now)] = kept("airbnb_12_altered_2", Kind.RESERVATION).items()

    assert before == after
    assert (was.check_in, now.check_in) == (date(2026, 5, 19), date(2026, 5, 21))


def test_the_tail_of_airbnb_moves_a_day_a_day_and_stays_the_tail() -> None:
    ends = [
        booking.check_out
        for name in ("airbnb_04", "airbnb_05", "airbnb_06")
        for booking in kept(name, Kind.HORIZON).values()
    ]

    assert ends == [date(2026, 8, 13), date(2026, 8, 14), date(2026, 8, 15)]


def test_guests_of_vrbo_are_named() -> None:
    names = [booking.guest_name for booking in kept("vrbo_abritel_02", Kind.RESERVATION).values()]

    assert names == ["Claudia", "M & Mme", "Prénom & Prénom", None]


def test_avaibook_tells_name_and_party_and_its_dates_are_local() -> None:
    first = read("avaibook_01").bookings[0]

    assert (first.guest_name, first.guests) == ("oloam", 4)
    assert (first.check_in, first.check_out) == (date(2026, 8, 20), date(2026, 8, 23))
