"""Histories of known scores, and the shared one, which is to stay beyond the frontier."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rentalsync_pipeline.control.written.problems import ConfigError
from rentalsync_pipeline.core.portfolio import AbsencePolicy
from rentalsync_pipeline.operations.trying.backtest import Outcome, backtest
from rentalsync_pipeline.operations.trying.history_files import HistoryError, read_history
from rentalsync_pipeline.operations.trying.policies import DEFAULT, Policy, read_policy
from rentalsync_pipeline_tests.operations.dialects import block, closed, reservation, tail
from rentalsync_pipeline_tests.operations.histories import Shown, write_history

ROME = ZoneInfo("Europe/Rome")
SHARED = Path(__file__).parents[4] / "shared" / "corpora" / "feedhistory"
ANNA, BEN = reservation("a", "2026-12-01", 3), reservation("b", "2026-12-10", 2)
CLARA, DORA = reservation("c", "2026-12-20", 2), reservation("d", "2027-01-07", 4)
ALL = [ANNA, BEN, CLARA, DORA]
AT_ONCE = Policy("at once", AbsencePolicy(misses=1, wait=timedelta(), quarantine=timedelta(hours=1)))


def tried(folder: Path, *policies: Policy, **feeds: Sequence[tuple[float, Shown]]) -> list[Outcome]:
    return backtest(read_history(write_history(folder, **feeds), ROME), policies or [DEFAULT])


def test_a_true_cancellation_costs_false_block_until_it_is_confirmed(tmp_path: Path) -> None:
    (found,) = tried(tmp_path, airbnb=[(0, [ANNA, BEN]), (1, [ANNA]), (2, [ANNA]), (10, [ANNA])])
    assert (found.false_free, found.false_block) == (0, 2)
    assert (found.freed, found.median_delay_minutes, found.worst_delay_minutes) == (2, 60, 60)


def test_who_believes_at_once_pays_for_a_glitch(tmp_path: Path) -> None:
    history = [(0.0, [ANNA, BEN]), (1.0, [ANNA]), (1.25, [ANNA, BEN]), (9.0, [ANNA, BEN])]
    careful, hasty = tried(tmp_path, DEFAULT, AT_ONCE, airbnb=history)
    assert (careful.policy, careful.false_free, careful.false_block) == ("default", 0, 0)
    assert (hasty.policy, hasty.false_free, hasty.false_block) == ("at once", 0.5, 0)


def test_a_doubtful_answer_takes_nothing_and_is_an_alert(tmp_path: Path) -> None:
    erika = reservation("e", "2027-02-01", 1)
    (found,) = tried(tmp_path, airbnb=[(0, ALL), (1, [ANNA, erika]), (2, [*ALL, erika]), (9, [*ALL, erika])])
    assert (found.false_free, found.false_block, found.alerts) == (0, 0, 1)


def test_a_calendar_without_its_tail_takes_nothing(tmp_path: Path) -> None:
    behind = tail("2027-06-01", date(2028, 5, 20))
    room, inn = closed("2026-12-01", 3), closed("2026-12-10", 2)
    torn = [(0.0, [room, inn, behind]), (1.0, [room]), (2.0, [room, inn, behind]), (9.0, [room, inn, behind])]
    (found,) = tried(tmp_path, booking_com=torn)
    assert (found.channel, found.false_free, found.alerts) == ("booking_com", 0, 1)


def test_an_empty_calendar_is_believed_once_it_has_lasted(tmp_path: Path) -> None:
    (found,) = tried(tmp_path, airbnb=[(0, ALL), (1, []), (13, []), (25, []), (30, [])])
    assert found.alerts == 1
    assert (found.freed, found.worst_delay_minutes) == (11, 24 * 60)


def test_failed_answers_change_nothing(tmp_path: Path) -> None:
    (found,) = tried(tmp_path, airbnb=[(0, ALL), (1, None), (9, None), (10, ALL)])
    assert (found.answers, found.false_free, found.false_block) == (4, 0, 0)


def test_outcomes_are_summed_up_by_channel(tmp_path: Path) -> None:
    outcomes = tried(
        tmp_path,
        airbnb_loft=[(0, [ANNA]), (1, [ANNA])],
        airbnb_villa=[(0, [BEN]), (1, [BEN, block("2026-12-20", 2)])],
        booking_com=[(0, [closed("2026-12-01", 3)])],
        airbnb_never=[(0, None)],
    )
    assert [(found.channel, found.feeds, found.answers) for found in outcomes] == [
        ("airbnb", 2, 4),
        ("booking_com", 1, 1),
        ("none", 1, 1),
    ]


def test_the_trace_has_a_row_an_answer(tmp_path: Path) -> None:
    behind = tail("2027-06-01", date(2028, 5, 20))
    history = write_history(tmp_path, booking_com=[(0, [closed("2026-12-01", 3), behind]), (1, None)])
    trace = io.StringIO(newline="")
    backtest(read_history(history, ROME), [DEFAULT], trace)
    nights = "2026-12-01/2026-12-04;2027-06-01/2028-05-20"
    assert list(csv.reader(trace.getvalue().splitlines())) == [
        ["feed", "fetched_at", "nights"],
        ["booking_com", "2026-11-20T08:00:00+00:00", nights],
        ["booking_com", "2026-11-20T09:00:00+00:00", nights],
    ]


def test_a_night_that_is_over_is_traced_as_long_as_its_channel_shows_it(tmp_path: Path) -> None:
    last_night = reservation("e", "2026-11-19", 1)
    history = write_history(tmp_path, airbnb=[(0, [last_night, ANNA]), (1, [ANNA])])
    trace = io.StringIO(newline="")
    backtest(read_history(history, ROME), [DEFAULT], trace)
    nights = [row["nights"] for row in csv.DictReader(trace.getvalue().splitlines())]
    assert nights == ["2026-11-19/2026-11-20;2026-12-01/2026-12-04", "2026-12-01/2026-12-04"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("fetches.csv.gz", None, "there is no such file"),
        ("contents.jsonl.gz", None, "there is no such file"),
        ("fetches.csv.gz", "feed,state,content_seq\nloft,ok,0\n", ":2: fetched_at: Field required"),
        (
            "fetches.csv.gz",
            "feed,fetched_at,state,content_seq\nloft,2026-11-20T08:00,ok,0\n",
            ":2: fetched_at",
        ),
        (
            "fetches.csv.gz",
            "feed,fetched_at,state,content_seq\nloft,2026-11-20T08:00Z,ok,7\n",
            "no content 7",
        ),
        ("contents.jsonl.gz", '{"feed": "loft"', ":1: Invalid JSON"),
    ],
)
def test_a_history_that_cannot_be_read_says_where(
    tmp_path: Path, name: str, text: str | None, said: str
) -> None:
    write_history(tmp_path, loft=[(0, [ANNA])])
    (tmp_path / name).unlink()
    if text is not None:
        (tmp_path / name).write_bytes(gzip.compress(text.encode()))
    with pytest.raises(HistoryError, match=rf"{name}.*{said}"):
        backtest(read_history(tmp_path, ROME), [DEFAULT])


def test_a_file_that_is_cut_off_says_so(tmp_path: Path) -> None:
    write_history(tmp_path, loft=[(0, [ANNA])])
    file = tmp_path / "contents.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(HistoryError, match="not whole"):
        read_history(tmp_path, ROME)


def test_a_policy_has_the_name_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "patient.yaml"
    file.write_text("misses: 3\nquarantine_hours: 12\n")
    wait = AbsencePolicy().wait
    assert read_policy(file) == Policy("patient", AbsencePolicy(3, wait, timedelta(hours=12)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("minuts: 90", r":1: minuts: unknown key; did you mean `minutes`\?"),
        ("misses: 2\nquarantine_hours: 0", ":2: quarantine_hours: is too small; write 1 or more"),
        ("misses: [", ":2: did not find"),
    ],
)
def test_what_is_wrong_with_a_policy_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "patient.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=said):
        read_policy(file)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared history is not beside this checkout")
def test_the_default_lies_beyond_the_frontier() -> None:
    airbnb, booking_com = backtest(read_history(SHARED, ROME), [DEFAULT])
    assert (airbnb.answers, booking_com.answers) == (6_210, 10_574)
    assert booking_com.false_free == 0
    assert booking_com.false_block <= 10
    assert airbnb.false_free <= 10
    assert airbnb.false_block <= 1_500
    assert airbnb.alerts == booking_com.alerts == 0
