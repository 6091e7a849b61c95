"""The sensor sees what people ask for, and the run that it starts says who did."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import pytest

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.automation.starting import due_sensor
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.definitions import build_defs
from rentalsync_pipeline.operations.asking import LISTING, ask_sync
from rentalsync_pipeline_tests.estate import Estate

pytestmark = pytest.mark.slow


def test_a_sync_that_is_asked_for_over_http_becomes_a_run_that_names_who_asked(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RENTALSYNC_HOME", str(estate.home.path))
    now = datetime.now(UTC)
    assert estate.sync(now).success
    assert isinstance(_tick(estate), dg.SkipReason)
    with closing(ControlStore.open(estate.home)) as control:
        ask_sync(control, LISTING, "downtown-loft", "anna", now)
        request = _tick(estate)
        assert isinstance(request, dg.RunRequest)
        assert request.tags[keys.ASKED_TAG] == "anna"
        job = build_defs().resolve_job_def(keys.SYNC)
        ran = job.execute_in_process(
            run_config=request.run_config, tags=request.tags, instance=estate.instance
        )
        assert ran.success
        assert control.waiting() == []
    run = estate.instance.get_run_by_id(ran.run_id)
    assert run
    assert run.tags[keys.ASKED_TAG] == "anna"
    resources: Any = run.run_config["resources"]
    assert resources["sync"]["config"]["asked_by"] == "anna"


def _tick(estate: Estate) -> object:
    return due_sensor(dg.build_sensor_context(instance=estate.instance))
