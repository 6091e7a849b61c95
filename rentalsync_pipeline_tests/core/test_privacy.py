from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.core.privacy import REMOVED, clean, findings

EMAILS = [
    "anna.rossi@example.com",
    "anna+villa@mail.example.co.uk",
    "arossi.734512@guest.booking.com",
    "jürgen@müller.example",
    "anna (at) example.com",
    "anna[at]example[dot]com",
    "ANNA@EXAMPLE.COM",
    f"{'a' * 100}@example.com",
]

PHONES = [
    "+39 333 123 4567",
    "+393331234567",
    "+1 (555) 123-4567",
    "+49-30-1234567",
    "(555) 123-4567",
    "555-123-4567",
    "555.123.4567",
    "5551234567",
    "0171 1234567",
    "0171/1234567",
    "030 123456",
    "06.12.34.56.78",
    "06 12 34 56 78",
    "00 39 333 1234567",
    "07911 123456",
    "333\u00a0123\u00a04567",
    "333–123–4567",
    "https://wa.me/393331234567",
    "tel:+393331234567",
    "٠١٧١٢٣٤٥٦٧٨",
]

HARMLESS = [
    "",
    "Anna Rossi",
    "Phone (Last 4): 5678",
    "Guests: 2",
    "HM5ZQX9A2B",
    "HM1234567890",
    "2026-12-18",
    "2026-12-18 - 2026-12-23",
    "2026-12-18/2026-12-23",
    "Zimmer 12 2026-12-18 16:00",
    "18.12.2026 - 23.12.2026",
    "18.12. - 23.12.26",
    "18. 12. 2026 23. 12. 2026",
    "12/18/2026 12/23/2026",
    "20261218 20261223",
    "DTSTAMP:20261119T184500Z",
    "16:00 - 18:30",
    "EUR 1.234,56",
    "€ 12 345.67",
    "1,234,567.89 USD",
    "kqzx2f7mlw3p5t6yabcdnge4uv",
    "550e8400-e29b-41d4-a716-446655440000",
    "https://www.airbnb.com/hosting/reservations/details/HM5ZQX9A2B",
    "https://www.airbnb.com/rooms/53512345678901234",
    "https://admin.booking.com/hotel/booking.html?res_id=4123456789&hotel_id=1234567",
    "Seestraße 3, 18609 Binz",
    "@home at 5",
]


@pytest.mark.parametrize("email", EMAILS)
def test_an_email_address_is_removed(email: str) -> None:
    assert findings(f"write to {email}, please") == ["e-mail address"]
    assert clean(f"write to {email}, please") == f"write to {REMOVED}, please"


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_number_is_removed(phone: str) -> None:
    assert findings(f"call {phone}, please") == ["phone number"]
    cleaned = clean(f"call {phone}, please")
    assert REMOVED in cleaned
    assert sum(char.isdigit() for char in cleaned) == 0


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_personal_data_stays(text: str) -> None:
    assert findings(text) == []
    assert clean(text) == text


@pytest.mark.parametrize("phone", PHONES)
@pytest.mark.parametrize("date", ["2026-12-18", "18.12.2026"])
def test_a_phone_number_beside_a_date_is_removed_and_the_date_stays(phone: str, date: str) -> None:
    cleaned = clean(f"{phone}, {date}")
    assert cleaned.endswith(f"{REMOVED}, {date}")


def test_both_kinds_are_named_without_the_text() -> None:
    assert findings("anna@example.com +393331234567") == ["e-mail address", "phone number"]


@given(st.text(alphabet="a@.+0123456789 -()/T:", max_size=60))
def test_nothing_is_found_in_what_was_cleaned(text: str) -> None:
    assert findings(clean(text)) == []


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "1-" * 100_000, "+" * 200_000, "a." * 100_000, "20261218 " * 20_000]
)
def test_long_texts_take_no_time(text: str) -> None:
    assert "e-mail address" not in findings(text)
