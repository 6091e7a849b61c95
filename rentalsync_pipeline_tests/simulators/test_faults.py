"""What can go wrong at any channel, as it arrives at a client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from rentalsync_pipeline_tests.simulators.cloudbeds import Cloudbeds
from rentalsync_pipeline_tests.simulators.conftest import Calling
from rentalsync_pipeline_tests.simulators.faults import INSTEAD, METADATA, PAGES, SPOILT
from rentalsync_pipeline_tests.simulators.messages import Reply
from rentalsync_pipeline_tests.simulators.stays import stay
from rentalsync_pipeline_tests.simulators.world import World

PAGE_1, PAGE_2 = ("getReservations?pageNumber=1&pageSize=2", "getReservations?pageNumber=2&pageSize=2")


@pytest.fixture
def cloudbeds(world: World) -> Cloudbeds:
    for number in range(5):
        world.book("airbnb", stay("house-01-a", 3 * number, 2))
    return Cloudbeds(world)


@pytest.fixture
def api(cloudbeds: Cloudbeds, calling: Calling) -> Iterator[httpx.Client]:
    with calling(cloudbeds, x_api_key=cloudbeds.key) as client:
        yield client


def ids(response: httpx.Response) -> list[int]:
    return [int(row["reservationID"]) % 10 for row in response.json()["data"]]


def test_without_faults_pages_follow_each_other(api: httpx.Client) -> None:
    assert [ids(api.get(page)) for page in (PAGE_1, PAGE_2)] == [[1, 2], [3, 4]]


def test_a_fault_happens_where_and_as_often_as_it_should(api: httpx.Client, cloudbeds: Cloudbeds) -> None:
    cloudbeds.faults.add("server_error", on="pageNumber=2", times=2, value=503)
    assert [api.get(page).status_code for page in (PAGE_1, PAGE_2, PAGE_2, PAGE_2)] == [200, 503, 503, 200]
    cloudbeds.faults.add("server_error", times=None)
    assert [api.get(PAGE_1).status_code for _ in range(3)] == [500, 500, 500]
    cloudbeds.faults.clear()
    assert api.get(PAGE_1).is_success


def test_a_server_says_when_to_come_again_in_seconds_or_by_a_date(
    api: httpx.Client, cloudbeds: Cloudbeds
) -> None:
    cloudbeds.faults.add("too_many", value=7)
    cloudbeds.faults.add("too_many", value=datetime(2026, 11, 20, 8, 1, tzinfo=UTC))
    answers = [api.get(PAGE_1) for _ in range(2)]
    assert {each.status_code for each in answers} == {429}
    assert [each.headers["Retry-After"] for each in answers] == ["7", "Fri, 20 Nov 2026 08:01:00 GMT"]


def test_a_redirect_leads_to_where_no_client_should_go(api: httpx.Client, cloudbeds: Cloudbeds) -> None:
    cloudbeds.faults.add("redirect")
    answer = api.get(PAGE_1)
    assert (answer.status_code, answer.headers["Location"]) == (302, METADATA)


def test_any_answer_can_stand_in_for_an_answer(api: httpx.Client, cloudbeds: Cloudbeds) -> None:
    message = "User who approved this connection is not active anymore"
    cloudbeds.faults.add("answer", value=Reply.json({"success": False, "message": message}))
    assert api.get(PAGE_1).json()["message"] == message


def test_a_torn_body_ends_before_its_length_and_a_short_one_does_not(
    api: httpx.Client, cloudbeds: Cloudbeds
) -> None:
    cloudbeds.faults.add("torn")
    with pytest.raises(httpx.RemoteProtocolError):
        api.get(PAGE_1)
    cloudbeds.faults.add("short")
    answer = api.get(PAGE_1)
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()


def test_a_dripping_body_goes_on_for_as_long_as_somebody_listens(
    api: httpx.Client, cloudbeds: Cloudbeds
) -> None:
    cloudbeds.faults.add("dripping", value=0.01)
    with api.stream("GET", PAGE_1) as answer:
        first = next(answer.iter_raw())
    assert 0 < len(first) < 50 < int(answer.headers["Content-Length"])


@pytest.mark.parametrize(
    ("fault", "second_page"), [("empty_page", []), ("doubled", [2, 3]), ("reordered", [3, 2])]
)
def test_a_page_may_hold_what_it_should_not(
    api: httpx.Client, cloudbeds: Cloudbeds, fault: str, second_page: list[int]
) -> None:
    cloudbeds.faults.add(fault, on="pageNumber=2")
    assert [ids(api.get(page)) for page in (PAGE_1, PAGE_2)] == [[1, 2], second_page]


def test_a_total_may_be_wrong(api: httpx.Client, cloudbeds: Cloudbeds) -> None:
    cloudbeds.faults.add("wrong_total", value=3)
    assert [api.get(PAGE_1).json()["total"] for _ in range(2)] == [8, 5]


def test_a_poison_record_has_dates_that_there_are_not(api: httpx.Client, cloudbeds: Cloudbeds) -> None:
    cloudbeds.faults.add("poison")
    poisoned, good = api.get(PAGE_1).json()["data"]
    assert poisoned["startDate"] == "0000-00-00"
    assert poisoned["reservationID"].isdigit()
    assert good["startDate"] == "2026-11-23"


def test_a_vendor_s_clock_may_be_wrong(api: httpx.Client, cloudbeds: Cloudbeds) -> None:
    assert api.get(PAGE_1).headers["Date"] == "Fri, 20 Nov 2026 08:00:00 GMT"
    cloudbeds.skew = timedelta(minutes=-7)
    assert api.get(PAGE_1).headers["Date"] == "Fri, 20 Nov 2026 07:53:00 GMT"


def test_the_faults_are_in_the_tables_and_in_the_documentation(cloudbeds: Cloudbeds) -> None:
    names = {*INSTEAD, *SPOILT, *PAGES}
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "simulators.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", page, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"\w+", row)} == names
    for name in names:
        cloudbeds.faults.add(name)
    with pytest.raises(ValueError, match="sunshine"):
        cloudbeds.faults.add("sunshine")


def test_a_defect_of_a_simulator_fails_its_test(calling: Calling, cloudbeds: Cloudbeds) -> None:
    del cloudbeds.records
    with (
        pytest.raises(AttributeError, match="records"),
        calling(cloudbeds, x_api_key=cloudbeds.key) as client,
    ):
        assert client.get(PAGE_1).status_code == 599


def test_a_simulator_counts_how_fast_it_was_asked(calling: Calling, world: World) -> None:
    ticks = iter([0.0, 0.4, 0.9, 1.3, 5.0])
    cloudbeds = Cloudbeds(world, ticks=lambda: next(ticks))
    with calling(cloudbeds) as client:
        for _ in range(5):
            client.get("getHotels")
    assert cloudbeds.fastest() == 3
    assert [asked.path for asked in cloudbeds.asked] == ["/api/v1.3/getHotels"] * 5
