"""Values become JSON without a secret, and tables that fit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.operations.health import Level

MOMENT = datetime(2026, 11, 20, 7, 0, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Value:
    level: Level
    seen: datetime
    night: date
    where: Path
    parts: tuple[object, ...]


def test_a_value_becomes_json_field_by_field(capsys: pytest.CaptureFixture[str]) -> None:
    value = _Value(Level.WARN, MOMENT, MOMENT.date(), Path("/srv"), (None, MappingProxyType({"ö": 1})))
    output.print_json([value])
    said = capsys.readouterr().out
    assert json.loads(said) == [
        {
            "level": "warn",
            "seen": "2026-11-20T07:00:05+00:00",
            "night": "2026-11-20",
            "where": "/srv",
            "parts": [None, {"ö": 1}],
        }
    ]
    assert said.endswith("]\n")


@pytest.mark.parametrize("value", [Secret("https://example.com/token"), object(), _Value])
def test_what_has_no_form_in_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        output.print_json({"value": value})


def test_a_table_fits_a_hundred_columns_and_breaks_off_no_text(capsys: pytest.CaptureFixture[str]) -> None:
    word = "x" * 300
    output.show_table(("one", "two"), [(word, 1), ("[red]plain[/red] :house:", 12)])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= output.WIDTH
    assert sum(line.count("x") for line in lines) == len(word)
    assert any("[red]plain[/red] :house:" in line for line in lines)
    assert all(line == line.rstrip() for line in lines)
    assert not any("\x1b" in line for line in lines)


def test_a_table_without_rows_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    output.show_table(("one",), [])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(days=400), "400 d"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(of: timedelta, expected: str) -> None:
    assert output.span(of) == expected


def test_a_strangers_text_cannot_steer_the_terminal() -> None:
    assert output.plain("SUMMARY:Größe\x1b[2J\x07\u202e 3\u00a0") == "SUMMARY:Größe�[2J�� 3�"
