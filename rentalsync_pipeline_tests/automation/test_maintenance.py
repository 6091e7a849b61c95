"""Dagster's old runs: ours go, those of others and what assets still speak of stay."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.automation.maintenance import look_after, maintenance_job
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline_tests.estate import MORNING, Estate

pytestmark = pytest.mark.slow


def shard(estate: Estate, run_id: str) -> Path:
    return estate.home.dagster / "history" / "runs" / f"{run_id}.db"


@dg.job(executor_def=dg.in_process_executor)
def somebody_elses() -> None:
    """A job of another who shares the instance."""


def test_runs_of_ours_go_after_a_month_but_those_that_assets_speak_of(estate: Estate) -> None:
    runs = [estate.sync(MORNING + timedelta(hours=2 * n)).run_id for n in range(3)]
    other = somebody_elses.execute_in_process(instance=estate.instance).run_id
    stores = Stores.open(estate.home, str(estate.feeds))
    with closing(stores.control):
        later = Run("maintenance", datetime.now(UTC) + timedelta(days=29))
        assert look_after(stores, estate.instance, later).runs == 0
        later = Run("maintenance", datetime.now(UTC) + timedelta(days=31))
        assert look_after(stores, estate.instance, later, dry_run=True).runs == 1
        assert estate.instance.has_run(runs[1])
        assert look_after(stores, estate.instance, later).runs == 1
    left = {run.run_id for run in estate.instance.get_runs()}
    assert left == {runs[0], runs[2], other}, "the first told the partitions, the last the steps"
    assert [shard(estate, run_id).exists() for run_id in runs] == [True, False, True]


def test_a_run_in_which_nothing_happened_goes_after_a_day(estate: Estate) -> None:
    runs = [estate.sync(MORNING + timedelta(minutes=15 * n)).run_id for n in range(3)]
    stores = Stores.open(estate.home, str(estate.feeds))
    with closing(stores.control):
        look_after(stores, estate.instance, Run("maintenance", datetime.now(UTC) + timedelta(hours=25)))
    assert {run.run_id for run in estate.instance.get_runs()} == {runs[0], runs[2]}


def test_the_job_maintains_the_home_and_shows_what_went(estate: Estate) -> None:
    estate.sync()
    where = {"home": str(estate.home.path), "feeds": str(estate.feeds)}
    result = maintenance_job.execute_in_process(
        instance=estate.instance,
        run_config={"ops": {"look_after_home": {"config": where}}},
    )
    assert result.success
    run = estate.instance.get_run_by_id(result.run_id)
    assert run is not None
    assert run.tags[keys.HOME_TAG] == str(estate.home.path)
