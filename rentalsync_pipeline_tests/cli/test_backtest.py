"""`backtest`, as a host runs it: a folder or the home's own history, policies, a trace."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rentalsync_pipeline_tests.cli.shell import Shell
from rentalsync_pipeline_tests.operations.dialects import reservation
from rentalsync_pipeline_tests.operations.histories import write_history

ANNA, BEN = reservation("a", "2026-12-01", 3), reservation("b", "2026-12-10", 2)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Ben has cancelled; it shows in the second of four answers."""
    shown = [(0.0, [ANNA, BEN]), (1.0, [ANNA]), (2.0, [ANNA]), (9.0, [ANNA])]
    folder = tmp_path / "history"
    folder.mkdir()
    return write_history(folder, airbnb=shown)


def test_policies_are_compared_in_a_table(shell: Shell, history: Path) -> None:
    hasty = history / "hasty.yaml"
    hasty.write_text("misses: 1\nminutes: 0\n")
    said = shell("backtest", str(history), "--policy", str(hasty)).stdout
    rows = [line.split() for line in said.splitlines()[2:4]]
    assert [row[:5] for row in rows] == [
        ["airbnb", "default", "4", "0.0", "2.0"],
        ["airbnb", "hasty", "4", "0.0", "0.0"],
    ]


def test_machines_get_the_same(shell: Shell, history: Path) -> None:
    (outcome,) = shell.json("backtest", str(history))
    assert outcome == {
        "policy": "default",
        "channel": "airbnb",
        "feeds": 1,
        "answers": 4,
        "false_free": 0.0,
        "false_block": 2.0,
        "alerts": 0,
        "freed": 2,
        "median_delay_minutes": 60,
        "worst_delay_minutes": 60,
    }


def test_the_trace_is_that_of_the_last_policy(shell: Shell, history: Path) -> None:
    hasty, trace = history / "hasty.yaml", history / "trace.csv"
    hasty.write_text("misses: 1\nminutes: 0\n")
    traced = []
    for policies in ([], ["--policy", str(hasty)]):
        shell("backtest", str(history), *policies, "--trace", str(trace))
        with trace.open(encoding="utf-8", newline="") as rows:
            traced.append([row["nights"] for row in csv.DictReader(rows)])
    both, annas = "2026-12-01/2026-12-04;2026-12-10/2026-12-12", "2026-12-01/2026-12-04"
    assert traced == [[both, both, annas, annas], [both, annas, annas, annas]]


def test_the_home_has_a_history_of_its_own(synced: Shell) -> None:
    outcomes = synced.json("backtest", "--archive")
    assert {"airbnb", "booking_com"} <= {outcome["channel"] for outcome in outcomes}
    assert all(outcome["false_free"] == outcome["false_block"] == 0 for outcome in outcomes)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name the folder of a history, or say --archive"),
        (["{history}", "--archive"], "name the folder of a history, or say --archive"),
        (["{history}", "--timezone", "Mars/Olympus"], "no time zone"),
        (["{history}", "--policy", "{history}/wrong.yaml"], "unknown key; did you mean `misses`?"),
        (["{home}"], "contents.jsonl.gz: there is no such file"),
    ],
)
def test_wrong_usage_says_what_to_do(shell: Shell, history: Path, words: list[str], said: str) -> None:
    (history / "wrong.yaml").write_text("mises: 3\n")
    given = [word.format(history=history, home=shell.home) for word in words]
    assert said in shell("backtest", *given, code=64).stderr
