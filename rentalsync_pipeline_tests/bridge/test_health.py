"""Health tells the truth: it asks the stores."""

from __future__ import annotations

from rentalsync_pipeline import __version__
from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.town import Town


def test_a_server_whose_stores_answer_is_healthy(standalone: Served) -> None:
    answer = standalone.get("/health").json()
    assert answer == {"status": "healthy", "version": __version__, "timestamp": "2026-11-20T08:00:00Z"}


def test_a_snapshot_that_is_none_is_said(town: Town) -> None:
    town.home.snapshot.write_bytes(b"not a database, but long enough to be taken for one" * 400)
    with serving(town) as served:
        answer = served.get("/health", 503).json()
    assert answer["status"] == "unhealthy"
    assert answer["error"].startswith("the snapshot does not answer")
    assert str(town.home.path) not in answer["error"]


def test_feeds_only_has_nothing_but_health_and_calendars(town: Town) -> None:
    with serving(town, BridgeSettings(feeds_only=True)) as served:
        served.get("/health")
        for path in ("/api/status", "/api/docs", "/openapi.json"):
            served.get(path, 404)
