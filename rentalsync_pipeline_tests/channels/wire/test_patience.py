"""Whether and when an answer is asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rentalsync_pipeline.channels.wire.patience import PASSING, TRIES, pause, retry_at
from rentalsync_pipeline.channels.wire.response import Response, judge
from rentalsync_pipeline.core.verdict import Failure, Reason

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def failed(reason: Reason, retry: timedelta | None = None) -> Response:
    return Response(failure=Failure(reason, retry_at=None if retry is None else NOW + retry))


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("120", NOW + timedelta(seconds=120)),
        ("0", NOW),
        ("Fri, 20 Nov 2026 08:05:00 GMT", NOW + timedelta(minutes=5)),
        ("Friday, 20-Nov-26 08:05:00 GMT", NOW + timedelta(minutes=5)),  # RFC 850, still to be understood
        ("Fri Nov 20 08:05:00 2026", NOW + timedelta(minutes=5)),  # asctime, likewise
        ("Fri, 20 Nov 2026 08:05:00 -0000", NOW + timedelta(minutes=5)),
        ("Thu, 19 Nov 2026 08:00:00 GMT", NOW - timedelta(days=1)),
        ("9" * 400, NOW + timedelta(days=1)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", NOW + timedelta(days=1)),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Fri, 99 Nov 2026 08:05:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str | None, moment: datetime | None) -> None:
    assert retry_at(header, NOW) == moment


@pytest.mark.parametrize("reason", Reason)
def test_only_what_may_pass_is_tried_again(reason: Reason) -> None:
    assert (pause(failed(reason), 0, NOW) is not None) == (reason in PASSING)


def test_what_worked_is_not_tried_again() -> None:
    assert pause(Response(200), 0, NOW) is None


def test_the_tries_are_spread_and_grow_and_end() -> None:
    firsts = {pause(failed(Reason.SERVER_ERROR), 0, NOW) for _ in range(20)}
    seconds = [pause(failed(Reason.SERVER_ERROR), 1, NOW) or 0 for _ in range(20)]

    assert all(0.5 <= (wait or 0) <= 1.5 for wait in firsts)
    assert len(firsts) > 1
    assert all(1.0 <= wait <= 3.0 for wait in seconds)
    assert pause(failed(Reason.SERVER_ERROR), TRIES - 1, NOW) is None


def test_a_short_retry_after_is_waited_for_and_a_long_one_is_not() -> None:
    assert pause(failed(Reason.RATE_LIMITED, timedelta(seconds=7)), 0, NOW) == 7
    assert pause(failed(Reason.RATE_LIMITED, timedelta(minutes=7)), 0, NOW) is None


def test_a_retry_after_in_the_past_is_no_invitation_to_hammer() -> None:
    assert (pause(failed(Reason.SERVER_ERROR, timedelta(minutes=-7)), 0, NOW) or 0) >= 0.5


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, None),
        (203, None),
        (300, Reason.HTTP_STATUS),
        (304, Reason.HTTP_STATUS),  # nobody asked for it
        (400, Reason.HTTP_STATUS),
        (401, Reason.UNAUTHORISED),
        (403, Reason.UNAUTHORISED),
        (404, Reason.NOT_FOUND),
        (408, Reason.TIMEOUT),
        (410, Reason.NOT_FOUND),
        (418, Reason.HTTP_STATUS),
        (425, Reason.SERVER_ERROR),
        (429, Reason.RATE_LIMITED),
        (500, Reason.SERVER_ERROR),
        (503, Reason.SERVER_ERROR),
        (599, Reason.SERVER_ERROR),
    ],
)
def test_a_status_means_one_reason(status: int, reason: Reason | None) -> None:
    failure = judge(status, conditional=False)

    assert (failure.reason if failure else None) is reason
