"""Real incidents, labelled by what the feed itself showed afterwards, through real syncs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rentalsync_pipeline.operations.looking.shut import shut_listings
from rentalsync_pipeline_tests.operations.town import Town

FOLDER = Path(__file__).parents[4] / "shared" / "corpora" / "feedhistory" / "incidents"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} is not there")

STAMP = re.compile(rb"^DTSTAMP:(\d{8}T\d{6}Z)", re.MULTILINE)


def live(town: Town, channel: str, *names: str, look: Callable[[], object] = lambda: None) -> list[set[date]]:
    """Sync through the answers of an incident at the moments they bear; the nights published after each.

    `look` is called after each.
    """
    town.connect(f"loft-{channel}")
    town.apply()
    published = []
    for name in names:
        body = (FOLDER / name).read_bytes()
        stamp = STAMP.search(body)
        # An empty body bears no moment: it came between the answers before and after it.
        town.now = datetime.fromisoformat(stamp[1].decode()) if stamp else town.now + timedelta(hours=1)
        town.calendars[f"loft-{channel}"] = body.decode()
        town.sync(minutes=0)
        published.append(town.nights("loft"))
        look()
    last = town.now.astimezone(ZoneInfo("Europe/Rome")).date()
    return [{night for night in nights if night >= last} for nights in published]


def taken_back(town: Town) -> list[dict[str, object]]:
    return town.table("FROM bookings WHERE state IN ('cancelled', 'missing') OR part_of IS NOT NULL")


def test_neighbours_written_as_one_event_or_as_two_change_nothing(town: Town) -> None:
    answers = [f"B_bk2_{n}.ics" for n in range(1, 7)]
    first, *others = live(town, "booking-com", *answers)
    window = {night for night in first if date(2026, 6, 21) <= night < date(2027, 6, 1)}
    for published in others:
        assert {night for night in published if date(2026, 6, 21) <= night < date(2027, 6, 1)} == window
    assert taken_back(town) == []
    assert town.table("FROM quarantines") == []
    assert town.table("FROM changes WHERE NOT busy") == []


@pytest.mark.parametrize(("incident", "new"), [("C_ab1", 0), ("D_ab1", 1)])
def test_an_empty_body_keeps_the_last_good_answer(town: Town, incident: str, new: int) -> None:
    names = [f"{incident}_{part}" for part in ("1before.ics", "2during.body", "3after.ics")]
    before, during, after = live(town, "airbnb", *names)
    verdicts = town.table("SELECT verdict, reason FROM fetches ORDER BY started")
    assert verdicts[1] == {"verdict": "failed", "reason": "empty_body"}
    assert during == before
    assert before <= after
    assert town.log()["loft-airbnb"]["created"] == new
    assert len(after - before) == new
    assert taken_back(town) == []


def test_a_mass_of_blocks_comes_and_goes_without_a_doubt(town: Town) -> None:
    names = [f"G_ab1_{part}" for part in ("1before.ics", "2during.ics", "3after.ics")]
    shut = []
    before, during, after = live(
        town,
        "airbnb",
        *names,
        look=lambda: shut.append([(each.listing, each.free_before) for each in shut_listings(town.home)]),
    )
    assert before < during
    assert after == before
    assert shut == [[], [("loft", 59)], []]
    assert {row["verdict"] for row in town.table("FROM fetches")} == {"accepted"}
    assert town.table("FROM quarantines") == []
    assert town.table("FROM bookings WHERE state = 'cancelled'") == []
    assert town.table(
        "SELECT DISTINCT kind FROM bookings WHERE first_seen > (SELECT min(as_of) FROM runs)"
    ) in (
        [{"kind": "block"}],
        [{"kind": "block"}, {"kind": "horizon"}],
        [{"kind": "horizon"}, {"kind": "block"}],
    )


def test_a_rolling_horizon_is_no_booking(town: Town) -> None:
    before, after = live(town, "booking-com", "H_bk1_1before.ics", "H_bk1_2after.ics")
    assert after == before
    assert town.log()["loft-booking-com"]["updated"] == 0
    assert [row["n"] for row in town.table("SELECT count(*) AS n FROM bookings WHERE kind = 'horizon'")] == [
        1
    ]
    assert taken_back(town) == []
