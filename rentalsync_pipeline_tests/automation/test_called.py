"""From a webhook to the calendar, with everything running that a host has running."""

from __future__ import annotations

from pathlib import Path

import pytest

from rentalsync_pipeline_tests.automation.alive import alive, until

pytestmark = pytest.mark.slow


def test_what_a_channel_calls_about_is_published_soon_and_without_a_call_it_is_not(tmp_path: Path) -> None:
    with alive(tmp_path) as here:
        quiet = here.sell(10)
        assert not here.shows(quiet)
        sold = here.sell(20)
        assert here.call(sold) == 200
        assert until(lambda: here.shows(sold)) < 60
        assert here.shows(quiet)
