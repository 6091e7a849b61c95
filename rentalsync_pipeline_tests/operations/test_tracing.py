"""What a sync tells OpenTelemetry, read by its own SDK: which steps took how long, and nothing of a guest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from rentalsync_pipeline.operations.syncing.publish import publish
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation, vrbo
from rentalsync_pipeline_tests.operations.town import Town


@pytest.fixture(scope="module")
def exporter() -> Iterator[InMemorySpanExporter]:
    """The one exporter of this process, as a provider can be set only once; it ends with these tests."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    yield exporter
    provider.shutdown()


@pytest.fixture
def traced(exporter: InMemorySpanExporter, town: Town) -> InMemorySpanExporter:
    """The spans of one sync of a loft with a guest, and a villa whose calendar is gone."""
    town.connect("loft-airbnb", airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    town.connect("loft-fewo-direkt", vrbo(reservation("v1", "2026-12-10", 2, "Erika Musterfrau")))
    town.connect("villa-airbnb")
    town.apply()
    exporter.clear()
    town.sync()
    return exporter


def about(span: ReadableSpan) -> dict[str, object]:
    return {name.removeprefix("rentalsync."): value for name, value in (span.attributes or {}).items()}


def parent(span: ReadableSpan, spans: tuple[ReadableSpan, ...]) -> str | None:
    inside = {each.context.span_id: each for each in spans if each.context}
    return str(about(inside[span.parent.span_id])["step"]) if span.parent else None


def test_a_sync_is_told_step_by_step(traced: InMemorySpanExporter) -> None:
    spans = traced.get_finished_spans()
    steps = [(each.name, about(each)["step"], parent(each, spans)) for each in spans if "step" in about(each)]
    assert steps == [
        ("fetch", "ask", None),
        ("gate", "parse", "bookings"),
        ("gate", "plausibility", "bookings"),
        ("model", "bookings", None),
        ("model", "stays", None),
        ("publish", "feeds", None),
    ]
    assert {about(each)["run"] for each in spans if each.parent is None} == {"run-1"}


def test_every_connection_that_was_asked_has_a_span_with_its_verdict(traced: InMemorySpanExporter) -> None:
    spans = traced.get_finished_spans()
    asked = {str(about(each)["connection"]): each for each in spans if "connection" in about(each)}
    assert {name: about(each)["verdict"] for name, each in asked.items()} == {
        "loft-airbnb": "accepted",
        "loft-fewo-direkt": "accepted",
        "villa-airbnb": "failed",
    }
    assert {parent(each, spans) for each in asked.values()} == {"ask"}
    assert about(asked["villa-airbnb"])["reason"] == "file_missing"
    assert asked["villa-airbnb"].status.status_code is StatusCode.ERROR
    assert asked["loft-airbnb"].status.status_code is StatusCode.UNSET


def test_no_address_and_no_guest_is_in_a_span(traced: InMemorySpanExporter, town: Town) -> None:
    told = "".join(span.to_json() for span in traced.get_finished_spans())
    for secret in ("Erika", "HMAAAAAAA", ".ics", str(town.home.folder)):
        assert secret not in told


def test_a_step_that_breaks_says_of_which_type_and_not_what_with(
    exporter: InMemorySpanExporter,
    traced: InMemorySpanExporter,
    town: Town,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    exporter.clear()
    folder = tmp_path_factory.mktemp("secret-place")
    (folder / "file").write_text("no home")
    broken = replace(town.stores, home=replace(town.home, path=folder / "file"))
    with pytest.raises(Exception, match="secret-place"):
        publish(broken, town.begin())
    (span,) = exporter.get_finished_spans()
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description
    assert "secret-place" not in span.to_json()
