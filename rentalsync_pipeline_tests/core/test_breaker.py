"""A connection that fails and fails is asked less and less, but at least once an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rentalsync_pipeline.core.breaker import opened_until
from rentalsync_pipeline.core.verdict import Reason

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
MINUTES = timedelta(minutes=5)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, None), (4, None), (5, 10), (6, 20), (7, 40), (8, 60), (400, 60)]
)
def test_each_failure_after_the_fifth_doubles_the_wait(failures: int, minutes: int | None) -> None:
    until = opened_until(failures, Reason.SERVER_ERROR, NOW, MINUTES)
    assert until == (NOW + timedelta(minutes=minutes) if minutes else None)


@pytest.mark.parametrize("reason", [Reason.NO_SECRET, Reason.FILE_MISSING])
def test_what_its_user_mends_is_tried_by_every_sync(reason: Reason) -> None:
    assert opened_until(100, reason, NOW, MINUTES) is None
