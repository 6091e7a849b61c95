"""`/metrics`: numbers from the stores, right after a restart, and nothing that is a guest's or a secret."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.operations.watching.measuring import measure
from rentalsync_pipeline.operations.watching.metrics import METRICS
from rentalsync_pipeline.operations.watching.status import status
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation, vrbo
from rentalsync_pipeline_tests.operations.town import Town

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8")
Key = tuple[str, frozenset[tuple[str, str]]]
FIVE = [reservation(f"HMAAAAAAA{n}", f"2026-12-{n * 4:02}", 3) for n in range(1, 6)]


def key(name: str, **labels: str) -> Key:
    return f"rentalsync_{name}", frozenset(labels.items())


def read(text: str) -> list[Sample]:
    """The numbers as Prometheus's own parser finds them."""
    return [sample for family in text_string_to_metric_families(text) for sample in family.samples]


def scrape(served: Served) -> dict[Key, float]:
    """The numbers by name and labels; none is told twice."""
    samples = read(served.get("/metrics").text)
    found = {(each.name, frozenset(each.labels.items())): each.value for each in samples}
    assert len(found) == len(samples)
    return found


@pytest.fixture
def troubled(town: Town) -> Town:
    """A loft sold twice whose Airbnb calendar loses three of five, and a villa whose calendar is gone."""
    town.connect("loft-airbnb", airbnb(*FIVE))
    town.connect("loft-fewo-direkt", vrbo(reservation("v1", "2026-12-05", 2, "Erika Musterfrau")))
    town.connect("villa-airbnb", airbnb())
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb(*FIVE[:2]), villa_airbnb=None)
    town.sync()
    return town


def test_failures_quarantines_and_conflicts_are_told_by_a_process_that_has_just_started(
    troubled: Town,
) -> None:
    with serving(troubled) as served:
        found = scrape(served)
    loft = {"connection": "loft-airbnb", "channel": "airbnb"}
    villa = {"connection": "villa-airbnb", "channel": "airbnb"}
    assert found[key("connection_up", **loft)] == 0
    assert found[key("connection_failing", **loft, reason="doubtful")] == 1
    assert found[key("fetch_failures_total", **loft, reason="doubtful")] == 1
    assert found[key("fetches_total", **loft)] == 2
    assert found[key("fetches_quarantined_total", **loft)] == 1
    assert found[key("quarantines", connection="loft-airbnb")] == 1
    assert found[key("quarantined_bookings", connection="loft-airbnb")] == 3
    assert found[key("fetch_failures_total", **villa, reason="file_missing")] == 1
    assert found[key("connection_failures", **villa)] == 1
    assert (
        found[key("connection_last_success_timestamp_seconds", **villa)]
        == (troubled.now - timedelta(minutes=15)).timestamp()
    )
    assert found[key("conflicts_certain", listing="loft")] == 1
    assert found[key("stays", listing="loft")] == 6
    assert found[key("last_sync_timestamp_seconds")] == troubled.now.timestamp()
    assert found[key("syncs_total")] == 2
    assert found[key("health_level")] == 1


def test_another_process_tells_the_same(troubled: Town) -> None:
    with serving(troubled) as served:
        before = scrape(served)
    with serving(troubled) as served:
        assert scrape(served) == before


def test_the_numbers_are_those_of_status_and_of_the_files(troubled: Town) -> None:
    with serving(troubled) as served:
        found = scrape(served)
    stands = status(troubled.stores.control, troubled.now)
    assert found[key("conflicts_certain", listing="loft")] == stands.certain_conflicts
    assert sum(value for (name, _), value in found.items() if name == "rentalsync_connections") == len(
        stands.connections
    )
    for listing, audience in [("loft", "owner"), ("loft", "busy"), ("villa", "owner")]:
        path = troubled.path(listing, audience)
        assert path
        size = found[key("feed_size_bytes", listing=listing, audience=audience)]
        events = found[key("feed_events", listing=listing, audience=audience)]
        assert (size, events) == (path.stat().st_size, len(troubled.events(listing, audience)))


def test_before_the_first_sync_there_are_all_names_and_few_numbers(standalone: Served) -> None:
    text = standalone.get("/metrics").text
    assert {metric.name for metric in METRICS} == set(re.findall(r"^# HELP (\S+)", text, re.MULTILINE))
    assert scrape(standalone)[key("listings")] == 0
    assert key("last_sync_timestamp_seconds") not in scrape(standalone)


def test_no_guest_and_no_address_is_in_it(troubled: Town) -> None:
    with serving(troubled) as served:
        text = served.get("/metrics").text
    for secret in ("Erika", "Musterfrau", "HMAAAAAAA", ".ics", str(troubled.home.folder)):
        assert secret not in text
    labels = {label for sample in read(text) for label in sample.labels}
    assert labels == {"connection", "channel", "listing", "reason", "audience"}


def test_whoever_scrapes_needs_a_token_that_may_read(town: Town) -> None:
    with serving(town, BridgeSettings()) as served:
        served.get("/metrics", 401)
        served.present(Role.READ)
        answer = served.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


def test_whatever_is_measured_is_in_the_table_with_its_labels(troubled: Town) -> None:
    labels = {metric.name: set(metric.labels) for metric in METRICS}
    for sample in measure(troubled.stores.control, troubled.now):
        assert labels[sample.metric] == sample.labels.keys()


def test_names_follow_the_conventions() -> None:
    assert len(METRICS) >= 30
    for metric in METRICS:
        assert re.fullmatch(r"rentalsync_[a-z]+(_[a-z]+)*", metric.name)
        assert not metric.meaning.endswith(".")


def test_the_page_is_the_table() -> None:
    rows = [
        f"| `{metric.name}` | {'counter' if metric.is_counter else 'gauge'} "
        f"| {', '.join(metric.labels) or '–'} | {metric.meaning} |"
        for metric in METRICS
    ]
    assert [line for line in PAGE.splitlines() if line.startswith("| `")] == rows
