"""What servers say of how often they may still be asked, as each vendor writes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rentalsync_pipeline.channels.wire.quota import Quota, quota_of

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
SOON, TOMORROW = NOW + timedelta(seconds=90), NOW + timedelta(days=1)
STAMP = int(SOON.timestamp())


@pytest.mark.parametrize(
    ("headers", "quota"),
    [
        (
            {"x-five-min-limit-remaining": "97.5", "x-five-min-limit-resets-in": "120"},
            Quota(97, NOW + timedelta(minutes=2)),
        ),
        ({"x-ratelimit-remaining": "3", "x-ratelimit-reset": "30"}, Quota(3, NOW + timedelta(seconds=30))),
        (
            {"x-ratelimit-remaining": "3", "x-ratelimit-reset": f"{STAMP}"},
            Quota(3, SOON),
        ),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-retry-after": f"{STAMP}"},
            Quota(0, SOON),
        ),
        ({"ratelimit-remaining": "5", "ratelimit-reset": "7"}, Quota(5, NOW + timedelta(seconds=7))),
        ({"x-ratelimit-remaining-second": "14", "x-ratelimit-remaining-minute": "100"}, Quota(14)),
        ({"x-ratelimit-remaining": "4999"}, Quota(4999)),
        ({"x-ratelimit-remaining": "9", "x-ratelimit-reset": "soon"}, Quota(9)),
        (
            {"x-ratelimit-remaining": "9", "x-ratelimit-reset": "99999999999"},
            Quota(9, TOMORROW),
        ),
        ({"x-ratelimit-remaining": "nan"}, None),
        ({"x-ratelimit-remaining": "-1"}, None),
        ({}, None),
    ],
)
def test_a_quota_is_read(headers: dict[str, str], quota: Quota | None) -> None:
    assert quota_of(headers, NOW) == quota
