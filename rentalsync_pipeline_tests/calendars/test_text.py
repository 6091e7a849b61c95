from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar.parser.string import _escape_char, _foldline

from rentalsync_pipeline.calendars.text import escape, line, tidy, uri

any_text = st.one_of(st.text(), st.text(alphabet="a,;\\^\r\n\té🏖\ud800\u2028", max_size=300))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u2028b\u2029c\x85d\x0be\x0cf", "a\nb\nc\nd\ne\nf"),
        ("NUL\x00 BEL\x07 DEL\x7f C1\x9b", "NUL BEL DEL C1"),
        ("tab\there", "tab here"),
        ("C:\\temp", "C:/temp"),
        ("\ufeffmarked \ufffe\uffff", "marked"),
        ("  outer  blanks \n", "outer  blanks"),
        ("half a pair \ud83c", "half a pair \ufffd"),
        ("the other half \udfff", "the other half \ufffd"),
        ("a sign of one's own \ue000", "a sign of one's own \ue000"),
        ("👩‍👩‍👧 no\u00a0break", "👩‍👩‍👧 no\u00a0break"),
    ],
)
def test_what_a_client_shows(raw: str, shown: str) -> None:
    assert tidy(raw) == shown


def test_escapes_once() -> None:
    assert escape('a, b; c: "d"\ne\\n') == 'a\\, b\\; c: "d"\\ne/n'


@given(any_text)
def test_escapes_as_icalendar_does(text: str) -> None:
    assert escape(text) == _escape_char(tidy(text))


@given(any_text)
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(any_text)
def test_folds_where_icalendar_folds(text: str) -> None:
    assert line("SUMMARY", escape(text)) == _foldline(f"SUMMARY:{escape(text)}") + "\r\n"


@pytest.mark.parametrize("before", range(60, 80))
@pytest.mark.parametrize("there", ["X", ",", ",,", "^", "é", "🏖", "^é", ",🏖"])
def test_folds_where_icalendar_folds_whatever_stands_there(before: int, there: str) -> None:
    text = escape("a" * before + there + "b" * 100 + there)
    assert line("SUMMARY", text) == _foldline(f"SUMMARY:{text}") + "\r\n"


@given(any_text)
def test_no_line_is_longer_than_75_octets_and_each_is_whole_utf8(text: str) -> None:
    content = line("DESCRIPTION", escape(text)).encode()
    assert content.endswith(b"\r\n")
    for physical in content.split(b"\r\n"):
        assert len(physical) <= 75
        physical.decode()


@given(any_text)
def test_unfolding_gives_the_value_back(text: str) -> None:
    assert line("DESCRIPTION", escape(text)).replace("\r\n ", "") == f"DESCRIPTION:{escape(text)}\r\n"


@given(any_text)
def test_no_text_can_begin_a_line_of_its_own(text: str) -> None:
    content = line("SUMMARY", escape(text))
    assert all(physical.startswith(" ") for physical in content.split("\r\n")[1:-1])
    assert not set(content.replace("\r\n", "")) & set(map(chr, [*range(0x20), 0x7F]))


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("https://www.airbnb.com/hosting/reservations/details/HM5ZQX9A2B", None),
        ("https://example.com/?a=b&c=%20#d", None),
        ("https://example.com/a b\r\nATTACH:x", "https://example.com/a%20b%0D%0AATTACH:x"),
        ("https://example.com/ü\\", "https://example.com/%C3%BC%5C"),
    ],
)
def test_a_uri_is_printable_ascii(address: str, value: str | None) -> None:
    assert uri(address) == (value or address)


@given(any_text)
def test_every_uri_is_printable_ascii(address: str) -> None:
    assert uri(address).isascii()
    assert " " not in uri(address)
    assert uri(address).isprintable()
