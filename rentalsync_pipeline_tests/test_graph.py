"""What Dagster shows is a contract: keys, groups, jobs and schedules don't change by accident."""

from __future__ import annotations

import dagster as dg
import pytest

from rentalsync_pipeline.channels.registry import channels
from rentalsync_pipeline.definitions import build_defs

CALENDARS = {"airbnb", "booking_com", "expedia", "fewo_direkt", "google", "ical"}
MANAGERS = {
    "beds24",
    "channex",
    "cloudbeds",
    "guesty",
    "hospitable",
    "hostaway",
    "lodgify",
    "ownerrez",
    "smoobu",
}
CHANNELS = CALENDARS | MANAGERS

GRAPH = {
    # asset: (group, what it is made from, partitions)
    **{channel: ("channels", set[str](), f"rentalsync_{channel}") for channel in CALENDARS},
    **{channel: ("managers", set[str](), f"rentalsync_{channel}") for channel in MANAGERS},
    "raw_bookings": ("ingest", CHANNELS, None),
    "bookings": ("model", {"raw_bookings"}, None),
    "stays": ("model", {"bookings"}, None),
    "feeds": ("publish", {"stays"}, None),
    "listing_feed": ("publish", {"feeds"}, "rentalsync_listings"),
    "snapshot": ("insight", {"feeds"}, None),
    "occupancy": ("insight", {"snapshot"}, None),
}

CHECKS = {
    "raw_bookings": {"every_connection_answered"},
    "bookings": {
        "every_answer_was_readable",
        "no_quarantine",
        "every_booking_has_a_listing",
        "every_connection_is_fresh",
        "every_event_was_read",
        "no_new_shapes",
    },
    "stays": {"no_double_booking", "no_sudden_closure"},
    "feeds": {"no_personal_data"},
}


@pytest.fixture(scope="module")
def defs() -> dg.Definitions:
    return build_defs()


def test_the_definitions_load(defs: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(defs)


def test_the_graph_is_the_one_that_the_readme_tours(defs: dg.Definitions) -> None:
    found = {
        spec.key.path[-1]: (
            spec.group_name,
            {dep.asset_key.path[-1] for dep in spec.deps},
            getattr(spec.partitions_def, "name", None),
        )
        for spec in defs.resolve_all_asset_specs()
    }
    assert found == GRAPH
    assert set(channels()) == CHANNELS


def test_every_asset_bears_our_prefix_a_description_a_kind_and_an_owner(defs: dg.Definitions) -> None:
    for spec in defs.resolve_all_asset_specs():
        assert spec.key.path[0] == "rentalsync", spec.key
        assert spec.description, spec.key
        assert spec.kinds, spec.key
        assert spec.owners, spec.key


def test_the_checks_are_declared_by_the_step_that_knows(defs: dg.Definitions) -> None:
    found: dict[str, set[str]] = {}
    for key in defs.resolve_asset_graph().asset_check_keys:
        found.setdefault(key.asset_key.path[-1], set()).add(key.name)
    assert found == CHECKS


def test_no_check_blocks_what_comes_after_it(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    assert not any(graph.get_check_spec(key).blocking for key in graph.asset_check_keys)


def test_the_sync_job_holds_every_step_and_asks_for_no_partition(defs: dg.Definitions) -> None:
    job = defs.resolve_job_def("sync")
    steps = {key.path[-1] for key in job.asset_layer.executable_asset_keys}
    assert steps == {"raw_bookings", "bookings", "stays", "feeds", "snapshot", "occupancy"}
    assert job.partitions_def is None


def test_feeds_are_rebuilt_by_listing(defs: dg.Definitions) -> None:
    partitions = defs.resolve_job_def("rebuild_feeds").partitions_def
    assert isinstance(partitions, dg.DynamicPartitionsDefinition)
    assert partitions.name == "rentalsync_listings"


def test_two_schedules_and_two_sensors_run_by_default(defs: dg.Definitions) -> None:
    schedules = [each for each in defs.schedules or () if isinstance(each, dg.ScheduleDefinition)]
    assert [(each.name, each.cron_schedule, each.job_name) for each in schedules] == [
        ("every_15_minutes", "*/15 * * * *", "sync"),
        ("every_night", "30 3 * * *", "maintenance"),
    ]
    assert all(each.default_status is dg.DefaultScheduleStatus.RUNNING for each in schedules)
    sensors = {sensor.name: sensor for sensor in defs.sensors or ()}
    assert set(sensors) == {"due", "failed_runs"}
    assert sensors["due"].minimum_interval_seconds == 3
    assert all(sensor.default_status is dg.DefaultSensorStatus.RUNNING for sensor in sensors.values())
