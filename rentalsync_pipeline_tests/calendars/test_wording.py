from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rentalsync_pipeline.calendars.fields import FIELDS, values
from rentalsync_pipeline.calendars.wording import BLOCKED, SENTINEL_NIGHTS, words
from rentalsync_pipeline.core.model import Kind, Occupation
from rentalsync_pipeline.core.portfolio import BUSY, DEFAULT_FIELDS, OWNER, Field, Listing
from rentalsync_pipeline.core.privacy import findings
from rentalsync_pipeline_tests.calendars.rental_control import Slot, is_dropped, slot, slot_name

LISTING = Listing("loft", "Loft", "Europe/Rome")
TITLES = {"airbnb": "Airbnb", "booking_com": "Booking.com"}
URL = "https://www.airbnb.com/hosting/reservations/details/HM5ZQX9A2B"
ALL_FIELDS = tuple(Field(name) for name in reversed([*FIELDS]))


PLAIN = Occupation("a" * 26, Kind.RESERVATION, date(2026, 12, 18), date(2026, 12, 23), "airbnb")


def stay(**known: Any) -> Occupation:
    return replace(PLAIN, **known)


def say(
    *stays: Occupation, audience: str = OWNER, fields: tuple[Field, ...] = DEFAULT_FIELDS, **carried: str
) -> list[tuple[str, str]]:
    listing = Listing(LISTING.slug, LISTING.name, LISTING.timezone, fields=fields)
    return words(stays, listing, audience, titles=TITLES, carried=carried)


def summary(**known: Any) -> str:
    return say(stay(**known))[0][0]


def description(*fields: Field, **known: Any) -> str:
    return say(stay(**known), fields=fields or DEFAULT_FIELDS)[0][1]


@pytest.mark.parametrize("audience", [BUSY, "for-airbnb", "for-booking_com"])
def test_a_public_feed_says_nothing_but_not_available(audience: str) -> None:
    known = stay(guest_name="Anna Rossi", code="HM5ZQX9A2B", guests=2, url=URL, notes="late")
    assert say(known, stay(kind=Kind.BLOCK), audience=audience) == [("Not available", "")] * 2


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"guest_name": "Anna Rossi", "code": "HM5ZQX9A2B"}, "Anna Rossi"),
        ({"guest_name": " Anna\n Rossi\t"}, "Anna Rossi"),
        ({"guest_name": " ", "code": "HM5ZQX9A2B"}, "Reserved - HM5ZQX9A2B"),
        ({"guest_name": "anna@example.com", "code": "HM5ZQX9A2B"}, "Reserved - HM5ZQX9A2B"),
        ({"code": "HM5ZQX9A2B"}, "Reserved - HM5ZQX9A2B"),
        ({}, "Reserved - Airbnb 12-18"),
        ({"kind": Kind.UNKNOWN, "channel": "booking_com"}, "Reserved - Booking.com 12-18"),
        ({"channel": "unlisted"}, "Reserved - unlisted 12-18"),
        ({"channel": None}, "Reserved - 12-18"),
        ({"kind": Kind.TENTATIVE, "guest_name": "Anna"}, "Anna"),
        ({"kind": Kind.BLOCK, "guest_name": "Anna"}, BLOCKED),
    ],
)
def test_the_owner_reads_the_best_that_is_known(known: dict[str, Any], expected: str) -> None:
    assert summary(**known) == expected


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Anna-Maria Lopez-Garcia", "Anna-Maria Lopez-Garcia"),
        ("Anna-Maria Lopez-Garcia-Ruiz", "Anna‑Maria Lopez‑Garcia‑Ruiz"),
        ("Mr Blocked", "Mr blocked"),
        ("Not available", "not available"),
        ("Reserved Sisters", "reserved Sisters"),
        ("Reservation Anna", "reservation Anna"),
        ("CLOSED - Anna", "closed - Anna"),
        ("Tripadvisor: Anna", "Tripadvisor∶ Anna"),
        ("Late Check-in Anna", "Late Check‑in Anna"),
        ("Anna Check-out", "Anna Check‑out"),
        ("Bloc\x00ked Anna", "blocked Anna"),
    ],
)
def test_names_that_rental_control_misreads_are_made_safe(name: str, safe: str) -> None:
    assert summary(guest_name=name) == safe
    assert slot_name(safe, "") == safe
    assert not is_dropped(safe)


def test_summaries_are_distinct_and_the_first_keeps_its_name() -> None:
    anna = [
        stay(guest_name="Anna Rossi"),
        stay(guest_name="ANNA ROSSI", check_in=date(2027, 1, 2), check_out=date(2027, 1, 3)),
        stay(guest_name="Anna Rossi", check_in=date(2027, 1, 2), check_out=date(2027, 1, 5)),
        stay(guest_name="Anna Rossi", check_in=date(2027, 1, 2), check_out=date(2027, 1, 6)),
    ]
    assert [said for said, _ in say(*anna)] == [
        "Anna Rossi",
        "ANNA ROSSI, 01‑02",
        "Anna Rossi, 01‑02 (2)",
        "Anna Rossi, 01‑02 (3)",
    ]


LATER = stay(uid="later", guest_name="Anna Rossi", check_in=date(2027, 1, 2), check_out=date(2027, 1, 3))


def test_a_namesake_keeps_its_summary_when_the_other_one_has_left() -> None:
    both = [said for said, _ in say(stay(guest_name="Anna Rossi"), LATER)]
    assert both == ["Anna Rossi", "Anna Rossi, 01‑02"]
    assert say(LATER, later=both[1])[0][0] == both[1]
    assert say(LATER)[0][0] == "Anna Rossi"


def test_a_namesake_who_comes_first_later_on_changes_nobody_s_summary() -> None:
    said = [said for said, _ in say(stay(guest_name="anna rossi"), LATER, later="Anna Rossi")]
    assert said == ["anna rossi, 12‑18", "Anna Rossi"]


@pytest.mark.parametrize("carried", ["Bea", "Anna Rossi, 01‑03", "Anna Rossi, 01‑02 (9)", "Reserved", ""])
def test_a_summary_that_is_no_form_of_the_name_any_more_is_not_kept(carried: str) -> None:
    assert say(LATER, later=carried)[0][0] == "Anna Rossi"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"guest_name": "Anna", "place": "Villa East"}, "Anna (Villa East)"),
        ({"guest_name": "Anna", "place": "East-Wing"}, "Anna (East‑Wing)"),
        ({"place": "East-Wing - Room-2"}, "Reserved - Airbnb 12-18 (East‑Wing ‑ Room‑2)"),
        ({"kind": Kind.BLOCK, "place": "Villa East"}, "Blocked (Villa East)"),
        ({"guest_name": "Anna", "place": "Blocked\nnight"}, "Anna (blocked night)"),
        ({"guest_name": "Anna", "place": " "}, "Anna"),
    ],
)
def test_the_room_or_house_whose_stay_it_is_stands_behind_it(known: dict[str, Any], expected: str) -> None:
    assert summary(**known) == expected
    assert is_dropped(expected) == ("kind" in known)


def test_stays_without_a_name_that_begin_together_are_numbered() -> None:
    assert [said for said, _ in say(stay(), stay(), stay())] == [
        "Reserved - Airbnb 12-18",
        "Reserved - Airbnb 12-18 (2)",
        "Reserved - Airbnb 12-18 (3)",
    ]


def test_every_block_says_blocked() -> None:
    assert [said for said, _ in say(stay(kind=Kind.BLOCK), stay(kind=Kind.BLOCK))] == [BLOCKED, BLOCKED]


def test_the_description_without_fields_of_ones_own() -> None:
    said = description(code="HM5ZQX9A2B", phone_last4="5678", guests=2, url=URL, notes="late")
    assert said == "Phone (Last 4): 5678\nGuests: 2\nBooking ID: HM5ZQX9A2B\nChannel: Airbnb"


def test_every_field_and_the_url_last_on_its_own_line() -> None:
    fields = (
        Field("reservation_url"),
        Field("check_in"),
        Field("check_out"),
        Field("booking_notes"),
        Field("guests"),
    )
    said = description(*fields, url=URL, notes="late", guests=2)
    assert said == f"Check-in: 15:00\nCheck-out: 11:00\nSpecial Requests: late\nGuests: 2\n{URL}"


def test_a_field_that_is_off_is_not_said() -> None:
    assert description(Field("guests", enabled=False), Field("booking_id"), guests=2, code="A1") == (
        "Booking ID: A1"
    )


def test_what_is_said_can_be_read_back_by_the_names_of_its_fields() -> None:
    fields = (*map(Field, ("guests", "booking_id", "check_in", "pets")), Field("booking_notes", "Wishes"))
    said = description(*fields, notes="late: after 22:00", guests=2, code="No: 7", url=URL)
    listing = Listing("loft", "Loft", "Europe/Rome", fields=fields)
    assert values(said, listing) == {
        "guests": "2",
        "booking_id": "No: 7",
        "booking_notes": "late∶ after 22:00",
        "check_in": "15:00",
    }


def test_labels_can_be_set() -> None:
    said = description(
        Field("booking_notes", "Special Requests"), Field("guests", "Party"), notes="Cot", guests=2
    )
    assert said == "Special Requests: Cot\nParty: 2"


def test_whatever_else_a_channel_delivers_is_found_by_its_name() -> None:
    extras = {"arrival_time": "18:00", "guest_email_domain": "gmail.com", "bed_linen": "own", "car": "Fiat"}
    said = description(*map(Field, extras), Field("car", "Vehicle"), extras=extras)
    assert said.split("\n") == [
        "Arrival Time: 18:00",
        "Email Domain: gmail.com",
        "Bed linen: own",
        "Car: Fiat",
        "Vehicle: Fiat",
    ]


def test_what_is_not_known_has_no_line() -> None:
    assert (
        description(Field("arrival_time"), *ALL_FIELDS, channel=None) == "Check-out: 11:00\nCheck-in: 15:00"
    )


@pytest.mark.parametrize("digits", ["567", "56789", "5-67", "+567", "٥٦٧٨", ""])
def test_a_door_code_is_made_of_four_digits_or_not_at_all(digits: str) -> None:
    assert "Phone" not in description(phone_last4=digits)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://e.example/ x",
        "https://e.example/\nGuests: 9",
        "e.example",
        "https://e.example/?guest=anna@example.com",
    ],
)
def test_only_a_web_address_without_personal_data_is_a_url(url: str) -> None:
    assert description(Field("reservation_url"), url=url) == ""


def test_a_block_has_no_arrival() -> None:
    said = description(Field("check_in"), Field("check_out"), Field("channel"), kind=Kind.BLOCK)
    assert said == "Channel: Airbnb"


def test_free_text_is_cleaned_and_stays_on_one_line() -> None:
    said = description(
        Field("booking_notes"), notes="Late\r\n  call +39 333 1234567\u2028or anna@example.com"
    )
    assert said == "Special Requests: Late call [removed] or [removed]"


def test_a_colon_stays_one_only_within_a_time() -> None:
    said = description(Field("booking_notes"), notes="Last 4: 0000, :3, from 18:30")
    assert said == "Special Requests: Last 4∶ 0000, ∶3, from 18:30"


def test_what_a_guest_writes_is_not_taken_for_our_lines() -> None:
    notes = (
        "Guests: 9\nLast 4 Digits: 0000\nBooking ID:X\nCheck-in: 02:00\nhttps://evil.example/\narrive 18:30"
    )
    said = description(*ALL_FIELDS, notes=notes, guests=2, phone_last4="5678", code="HM5ZQX9A2B", url=URL)
    assert "18:30" in said
    assert slot("Anna", said) == Slot("Anna", "5678", 2, "HM5ZQX9A2B", URL, "15:00", "11:00")


def test_a_guests_words_alone_give_rental_control_nothing() -> None:
    notes = "Phone (Last 4):0000 Guests: 9\nAdults: 3\nBooking ID:X\ncheckin:2\nhttp://evil.example/"
    said = description(Field("booking_notes"), notes=notes)
    assert slot("Anna", said) == Slot("Anna", None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({"guest_name": "José Müller-Østergård"}, "José Müller-Østergård"),
        ({}, "HM5ZQX9A2B"),
        ({"code": None, "channel": "booking_com"}, "Booking.com 12-18"),
    ],
)
def test_rental_control_finds_everything(known: dict[str, Any], name: str) -> None:
    defaults = {"code": "HM5ZQX9A2B", "phone_last4": "5678", "guests": 2, "url": URL, "notes": "Cot, please"}
    occupation = stay(**defaults | known)
    said, described = say(occupation, fields=ALL_FIELDS)[0]
    assert slot(said, described) == Slot(name, "5678", 2, occupation.code, URL, "15:00", "11:00")


texts = st.one_of(
    st.none(),
    st.text(max_size=60),
    st.text(alphabet="ab-: \n@1", max_size=40),
    st.lists(
        st.sampled_from(["Blocked", "Reserved", "Check-in", "Guests: 2", "-", "Anna", " "]), max_size=5
    ).map("".join),
)


@st.composite
def occupations(draw: st.DrawFn) -> list[Occupation]:
    """Stays and blocks in the order of their check-in."""
    starts = sorted(draw(st.lists(st.dates(date(2026, 1, 1), date(2028, 1, 1)), max_size=6)))
    return [
        stay(
            kind=draw(st.sampled_from([Kind.RESERVATION, Kind.UNKNOWN, Kind.TENTATIVE, Kind.BLOCK])),
            check_in=start,
            check_out=start + timedelta(days=2),
            guest_name=draw(texts),
            notes=draw(texts),
            code=draw(st.sampled_from([None, "HM5ZQX9A2B"])),
            extras={"arrival_time": draw(texts) or ""},
            place=draw(st.sampled_from([None, "East-Wing - 2", "Check-in, Reserved"])),
        )
        for start in starts
    ]


@settings(deadline=None)
@given(occupations())
def test_any_guest_gets_a_slot_of_his_own_and_no_block_does(stays: list[Occupation]) -> None:
    said = say(*stays, fields=(*ALL_FIELDS, Field("arrival_time")))
    slots = [
        slot_name(*pair) for pair, known in zip(said, stays, strict=True) if known.kind is not Kind.BLOCK
    ]
    assert None not in slots
    assert len({name.casefold() for name in slots if name}) == len(slots)
    assert all(
        pair[0].startswith(BLOCKED)
        for pair, known in zip(said, stays, strict=True)
        if known.kind is Kind.BLOCK
    )
    assert not any("\n" in text for text, _ in said)


@settings(deadline=None)
@given(occupations())
def test_no_personal_data_leaves_in_words(stays: list[Occupation]) -> None:
    for said, described in say(*stays, fields=(Field("booking_notes"), Field("arrival_time"))):
        assert findings(said) == []
        assert findings(described) == []


def test_the_sentinel_is_one_night_beyond_every_booking_window() -> None:
    check_in, check_out = SENTINEL_NIGHTS
    assert check_out - check_in == timedelta(days=1)
    assert date(2035, 1, 1) < check_in < date(2038, 1, 19)


def test_each_default_label_is_used_once() -> None:
    labels = sorted(line.label for line in FIELDS.values())
    assert all(one != other for one, other in pairwise(labels))


def test_thousands_of_one_name_are_told_apart_before_anybody_notices() -> None:
    """Twice as many take twice as long; once it was four times, and 40,000 took three minutes."""
    many = [stay(uid=str(number), guest_name="Anna") for number in range(20_000)]
    began = process_time()
    told = [summary for summary, _ in say(*many, fields=())]
    again = say(*many, fields=(), **dict(zip((each.uid for each in many), told, strict=True)))
    assert len(set(told)) == len(many)
    assert [summary for summary, _ in again] == told
    assert process_time() - began < 10
