"""The sync job on a real Dagster instance: what it publishes, what it logs, how it fails."""

from __future__ import annotations

import signal
import socket
from datetime import timedelta

import dagster as dg
import pytest

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.automation.running import run_sync
from rentalsync_pipeline.operations.lock import sync_lock
from rentalsync_pipeline.operations.stores import Scope
from rentalsync_pipeline_tests.estate import MORNING, Estate

pytestmark = pytest.mark.slow

CONNECTIONS = 12
LISTINGS = {"downtown-loft", "kyoto-machiya", "seehaus", "villa-etoile", "waikiki-studio"}


def test_one_failing_connection_of_twelve_leaves_the_others_published(estate: Estate) -> None:
    ran = estate.sync()
    assert ran.success
    owners = [name for name in estate.files() if name.startswith("private/")]
    assert len(owners) == len(LISTINGS)
    told = estate.partition_events(ran.run_id)
    assert told.pop("airbnb/machiya-airbnb") == "ASSET_OBSERVATION"
    assert set(told.values()) == {"ASSET_MATERIALIZATION"}
    assert {name for name in told if name.startswith("listing_feed/")} == {
        f"listing_feed/{s}" for s in LISTINGS
    }
    assert len(told) == CONNECTIONS - 1 + len(LISTINGS)


def test_the_checks_say_which_connection_failed_and_which_nights_are_sold_twice(estate: Estate) -> None:
    checks = estate.checks(estate.sync().run_id)
    assert {name for name, check in checks.items() if not check.passed} == {
        "every_connection_answered",
        "no_double_booking",
    }
    failed = checks["every_connection_answered"].metadata["failed"]
    assert isinstance(failed, dg.TableMetadataValue)
    (record,) = failed.records
    assert record.data["connection"] == "machiya-airbnb"
    assert "no calendar" in str(record.data["why"])
    assert checks["no_double_booking"].severity is dg.AssetCheckSeverity.ERROR
    assert "1 certain" in str(checks["no_double_booking"].description)


def test_the_check_of_freshness_shows_the_objective_and_says_when_it_is_missed(estate: Estate) -> None:
    estate.sync()
    estate.calendar("villa-abritel").unlink()
    late = MORNING + timedelta(minutes=45)
    for at in (MORNING + timedelta(minutes=15), MORNING + timedelta(minutes=30), late):
        last = estate.sync(at)
    check = estate.checks(last.run_id)["every_connection_is_fresh"]
    assert not check.passed
    assert check.severity is dg.AssetCheckSeverity.ERROR, "machiya-airbnb has never answered"
    assert str(check.description) == "1 stale, 1 late, of 12 connections."
    table = check.metadata["connections"]
    assert isinstance(table, dg.TableMetadataValue)
    rows = {str(record.data["connection"]): record.data for record in table.records}
    assert rows["villa-abritel"]["age"] == "0:45:00"
    assert rows["villa-abritel"]["late_at"] == "2026-11-20 07:30:00+00:00"
    assert rows["villa-abritel"]["freshness"] == "late"


def test_a_second_sync_rewrites_no_file_and_tells_no_partition(estate: Estate) -> None:
    estate.sync()
    before = estate.files()
    again = estate.sync(MORNING + timedelta(minutes=15))
    assert again.success
    assert estate.files() == before
    assert estate.partition_events(again.run_id) == {}


def test_the_partitions_are_the_connections_and_the_listings(estate: Estate) -> None:
    estate.sync()
    partitions = estate.instance.get_dynamic_partitions
    assert set(partitions(str(keys.LISTINGS.name))) == LISTINGS
    assert set(partitions("rentalsync_booking_com")) == {"machiya-booking", "seehaus-booking"}


def test_a_connection_that_recovers_tells_its_partition_once(estate: Estate) -> None:
    estate.sync()
    estate.calendar("machiya-airbnb").write_bytes(estate.calendar("loft-airbnb").read_bytes())
    recovered = estate.sync(MORNING + timedelta(minutes=15))
    assert estate.partition_events(recovered.run_id)["airbnb/machiya-airbnb"] == "ASSET_MATERIALIZATION"
    later = estate.sync(MORNING + timedelta(minutes=30))
    assert estate.partition_events(later.run_id) == {}


def test_a_sync_that_was_killed_while_it_asked_is_taken_over_by_the_next(estate: Estate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        estate.point("villa-abritel", f"http://127.0.0.1:{port}/calendar.ics")
        estate.apply()
        with estate.sync_elsewhere() as process:
            asked, _ = silent.accept()
            with asked:
                process.send_signal(signal.SIGKILL)
                process.wait()
    (killed,) = estate.instance.get_runs()
    assert killed.status is dg.DagsterRunStatus.STARTED
    estate.point("villa-abritel", "calendars/villa-abritel.ics")
    estate.apply()
    ran = estate.sync()
    assert ran.success
    assert len([name for name in estate.files() if name.startswith("private/")]) == len(LISTINGS)
    record = estate.instance.get_run_by_id(killed.run_id)
    assert record is not None
    assert record.status is dg.DagsterRunStatus.FAILURE


def test_a_sync_beside_another_fails_with_a_sentence_and_changes_nothing(estate: Estate) -> None:
    estate.sync()
    before = estate.files()
    with sync_lock(estate.home.lock):
        ran = run_sync(estate.home, str(estate.feeds), Scope(), MORNING, "a test", wait_seconds=0)
    assert not ran.success
    assert ran.error is not None
    assert "another sync" in ran.error
    assert estate.files() == before


def test_the_clock_of_a_sync_may_not_go_back(estate: Estate) -> None:
    estate.sync()
    ran = estate.sync(MORNING - timedelta(hours=1))
    assert not ran.success
