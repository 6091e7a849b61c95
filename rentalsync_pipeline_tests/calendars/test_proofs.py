"""The page of proofs says what the table of outcomes says."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

OUTCOMES = Path(__file__).parents[1] / "fixtures" / "calendars" / "corpora.csv"
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "proofs.md"


def test_the_calendars_of_others_are_counted_on_the_page() -> None:
    with OUTCOMES.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    sources = [_row(source, files) for source, files in groupby(rows, key=_source)]
    page = PAGE.read_text(encoding="utf-8")

    for expected in [*sources, _row("all", rows)]:
        assert f"{expected}\n" in page


def _source(row: Mapping[str, str]) -> str:
    return row["path"].partition("/")[0].replace("+", "/")


def _row(source: str, rows: Iterable[Mapping[str, str]]) -> str:
    files = list(rows)
    whole = sum(not row["gate"] for row in files)
    unread = sum(bool(row["rejected"]) for row in files)
    events, bookings = (sum(int(row[name]) for row in files) for name in ("events", "bookings"))
    cells = (source, len(files), whole, len(files) - whole, unread, events, bookings)
    return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else cell for cell in cells)} |"
