"""How often one server is asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.channels.wire.pace import Pace


class Now:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_after_a_burst_the_rate_holds() -> None:
    pace = Pace(rate=2, burst=3, clock=Now())

    assert [pace.reserve("a") for _ in range(6)] == [0, 0, 0, 0.5, 1.0, 1.5]


def test_servers_do_not_wait_for_each_other() -> None:
    pace = Pace(rate=1, burst=1, clock=Now())

    assert [pace.reserve("a"), pace.reserve("b"), pace.reserve("a")] == [0, 0, 1]


def test_the_burst_comes_back_with_time_and_does_not_pile_up() -> None:
    now = Now()
    pace = Pace(rate=1, burst=2, clock=now)
    for _ in range(4):
        pace.reserve("a")
    now.seconds += 3600

    assert [pace.reserve("a") for _ in range(4)] == [0, 0, 1, 2]


@given(st.lists(st.floats(0, 10), max_size=60), st.integers(1, 5), st.sampled_from([0.5, 1, 4]))
def test_no_window_ever_holds_more_than_burst_and_rate_allow(
    gaps: list[float], burst: int, rate: float
) -> None:
    now = Now()
    pace = Pace(rate=rate, burst=burst, clock=now)
    moments = []
    for gap in gaps:
        now.seconds += gap
        moments.append(now.seconds + pace.reserve("a"))

    for first, start in enumerate(moments):
        for last in range(first, len(moments)):
            assert last - first + 1 <= burst + rate * (moments[last] - start) + 1e-6
