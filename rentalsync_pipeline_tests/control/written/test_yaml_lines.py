from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.control.written.yaml_lines import UnreadableYamlError, read

PORTFOLIO = """\
version: 1

listings:
  - slug: loft
    feed:
      style: timed
    # a comment
    rooms: [a, b]
connections:
  - {id: a,
     url: x}
"""


@pytest.mark.parametrize(
    ("steps", "line"),
    [
        (("version",), 1),
        (("listings", 0), 4),
        (("listings", 0, "feed", "style"), 6),
        (("listings", 0, "rooms", 1), 8),
        (("connections", 0, "url"), 11),
        (("connections", 0, "missing"), 10),
        (("listings", 7, "slug"), 3),
        (("nowhere", "at", "all"), 1),
        ((), 1),
    ],
)
def test_a_key_has_its_line_and_a_missing_one_that_of_its_parent(
    steps: tuple[str | int, ...], line: int
) -> None:
    assert read(PORTFOLIO).line(steps) == line


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("off", False),
        ("12", 12),
        ("0x1f", 31),
        ("1.5", 1.5),
        ('"15:00"', "15:00"),
        ("08:00", "08:00"),
        ("2026-11-20", "2026-11-20"),
        ("Ferienhaus Überlingen", "Ferienhaus Überlingen"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        ("[1, ~, a]", [1, None, "a"]),
    ],
)
def test_values_are_plain(text: str, value: object) -> None:
    document = read(f"key: {text}\n")
    assert document.data == {"key": value}
    assert document.findings == ()


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "---\n"])
def test_nothing_is_nothing(text: str) -> None:
    assert read(text).data is None


def test_a_key_without_a_value_counts_as_absent_and_keys_are_text() -> None:
    assert read("listings:\n203249: x\ntrue: y\n").data == {"203249": "x", "true": "y"}


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("at: 15:00", "15:00 without quotes is the number 900", 'quote it: "15:00"'),
        ("at: 9:30:00", "is the number 34200", 'quote it: "9:30:00"'),
        ("at: 1\nat: 2", "written twice", "keep one of the two"),
        ("at: !secret airbnb", "the tag !secret", "write `${NAME}`"),
        ("a: &x {b: 1}\nat: *x", "an alias", "write out what it stands for"),
    ],
)
def test_what_yaml_would_let_pass_is_found(text: str, message: str, remedy: str) -> None:
    (finding,) = read(text).findings
    assert finding[0] == ("at",)
    assert message in finding[1]
    assert remedy == finding[2]


def test_a_document_that_holds_itself_ends() -> None:
    assert read("a: &x [*x]").findings[0][0] == ("a", 0)


@pytest.mark.parametrize(
    ("text", "line"), [("a: 1\nb: [1,\n", 3), ("a:\n\tb: 1\n", 2), ("a: 1\nb: \x07\n", 2), ("a: *b\n", 1)]
)
def test_text_that_is_no_yaml_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(UnreadableYamlError) as refused:
        read(text)
    assert refused.value.line == line


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    with suppress(UnreadableYamlError):
        assert read(text).line(("a", 0, "b")) >= 1
