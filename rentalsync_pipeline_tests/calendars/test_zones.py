"""A TZID means what its writer meant: by name, by the name of Windows, or by the definition beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from rentalsync_pipeline.calendars.lines import unfold
from rentalsync_pipeline.calendars.recurrence import Budget
from rentalsync_pipeline.calendars.zones import Zones, named_zone

NAMES = sorted(available_timezones())
OUTLOOK = b"""BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
LISTED = b"""BEGIN:VTIMEZONE
TZID:Listed
BEGIN:STANDARD
DTSTART:20000101T030000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RDATE:20251026T030000,20261025T030000
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20250330T020000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RDATE:20260329T020000
RDATE:20270328T020000
END:DAYLIGHT
END:VTIMEZONE
"""


def zones(body: bytes, budget: int = 1_000_000) -> Zones:
    return Zones(unfold(body), Budget(budget))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Rome", "Europe/Rome"),
        (" europe/rome ", "Europe/Rome"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("/citadel.org/20210210_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Rome", "Europe/Rome"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("Middle Earth", None),
        ("../../etc/passwd", None),
        ("", None),
        ("/", None),
    ],
)
def test_a_name_is_found_in_the_forms_it_is_written_in(name: str, key: str | None) -> None:
    zone = named_zone(name)

    assert (zone and zone.key) == key


def test_every_name_of_iana_and_windows_is_known() -> None:
    assert [name for name in [*NAMES, *WINDOWS_TO_OLSON] if named_zone(name) is None] == []


def test_a_known_name_wins_over_the_definition_beside_it() -> None:
    found = zones(OUTLOOK.replace(b"Customized Time Zone", b"Europe/Rome"))

    assert found.find("Europe/Rome") == ZoneInfo("Europe/Rome")


hours = st.integers(0, 24 * 365 * 14).map(lambda number: datetime(2012, 1, 1) + timedelta(hours=number))  # noqa: DTZ001


@given(hours)
def test_a_rule_of_outlook_is_new_york(when: datetime) -> None:
    zone = zones(OUTLOOK).find("Customized Time Zone")
    expected = ZoneInfo("America/New_York").utcoffset(when)
    around = {ZoneInfo("America/New_York").utcoffset(when + timedelta(hours=h)) for h in (-2, 2)}

    assert zone is not None
    assert zone.utcoffset(when) == expected or len(around) == 2


@pytest.mark.parametrize("name", NAMES[::23])
def test_a_definition_is_read_as_icalendar_reads_it(name: str) -> None:
    written = icalendar.Timezone.from_tzid(name, first_date=datetime(2012, 1, 1).date())  # noqa: DTZ001
    theirs = written.to_tz(lookup_tzid=False)
    written["TZID"] = "Nowhere"
    ours = zones(written.to_ical()).find("Nowhere")

    assert ours is not None
    for days in range(0, 365 * 14, 5):
        noon = datetime(2013, 1, 1, 12) + timedelta(days=days)  # noqa: DTZ001
        assert ours.utcoffset(noon) == theirs.utcoffset(noon), noon


def test_a_change_comes_at_its_hour() -> None:
    zone = zones(OUTLOOK).find("Customized Time Zone")
    change = datetime(2026, 3, 8, 2)  # noqa: DTZ001

    assert zone is not None
    assert zone.utcoffset(change - timedelta(minutes=1)) == timedelta(hours=-5)
    assert zone.utcoffset(change) == timedelta(hours=-4)


def test_a_definition_may_be_written_with_parameters_and_in_lower_case() -> None:
    odd = OUTLOOK.replace(b"DTSTART:", b"DTSTART;VALUE=DATE-TIME:").replace(b"RRULE", b"rrule")
    zone = zones(odd.replace(b"BEGIN:STANDARD", b"begin:standard")).find("Customized Time Zone")

    assert zone is not None
    assert zone.utcoffset(datetime(2026, 1, 1)) == timedelta(hours=-5)  # noqa: DTZ001


def test_a_change_that_is_listed_comes_on_every_day_listed() -> None:
    zone = zones(LISTED).find("Listed")

    assert zone is not None
    for day, ahead in [((2010, 1), 0), ((2026, 1), 0), ((2026, 7), 1), ((2027, 1), 0), ((2027, 7), 1)]:
        assert zone.utcoffset(datetime(*day, 1)) == timedelta(hours=ahead), day  # noqa: DTZ001


def test_each_definition_stands_for_itself() -> None:
    zone = zones(OUTLOOK + LISTED).find("Listed")

    assert zone is not None
    assert zone.utcoffset(datetime(2030, 7, 1)) == timedelta(hours=1)  # noqa: DTZ001


def test_before_its_first_change_a_zone_is_what_that_changed_from() -> None:
    zone = zones(OUTLOOK.replace(b"16010101", b"20200101")).find("Customized Time Zone")

    assert zone is not None
    assert zone.utcoffset(datetime(2019, 6, 1)) == timedelta(hours=-4)  # noqa: DTZ001


def test_a_rule_that_has_ended_leaves_what_it_changed_last() -> None:
    ended = OUTLOOK.replace(b"BYMONTH=11", b"BYMONTH=11;UNTIL=20101231T000000Z")
    ended = ended.replace(b"BYMONTH=3", b"BYMONTH=3;UNTIL=20110401T000000Z")
    zone = zones(ended).find("Customized Time Zone")

    assert zone is not None
    assert zone.utcoffset(datetime(2026, 1, 1)) == timedelta(hours=-4)  # noqa: DTZ001


@pytest.mark.parametrize(
    "broken",
    [
        OUTLOOK.replace(b"TZOFFSET", b"OFFSET"),
        OUTLOOK.replace(b"DTSTART", b"START"),
        OUTLOOK.replace(b"FREQ=YEARLY", b"FREQ=SECONDLY"),
        OUTLOOK.replace(b"-0500", b"-9900").replace(b"-0400", b"-9900"),
        OUTLOOK.replace(b"END:VTIMEZONE", b""),
        OUTLOOK.replace(b"TZID:", b"X:"),
    ],
)
def test_a_definition_that_makes_no_sense_is_none(broken: bytes) -> None:
    assert zones(broken).find("Customized Time Zone") is None


def test_one_change_that_makes_no_sense_leaves_the_others() -> None:
    zone = zones(OUTLOOK.replace(b"FREQ=YEARLY;INTERVAL=1;BYDAY=2SU", b"FREQ=?")).find("Customized Time Zone")

    assert zone is not None
    assert zone.utcoffset(datetime(2026, 7, 1)) == timedelta(hours=-5)  # noqa: DTZ001
