"""`/metrics`: what a Prometheus server scrapes.

Belongs here: the text format. Does not: what is measured (`operations.watching.metrics`,
`operations.watching.measuring`). The numbers are taken anew at each scrape, so this process counts nothing
that a restart could lose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from rentalsync_pipeline.bridge.auth import Reader
from rentalsync_pipeline.bridge.context import Bridge, Here
from rentalsync_pipeline.bridge.errors import responses
from rentalsync_pipeline.operations.watching.measuring import Sample, measure
from rentalsync_pipeline.operations.watching.metrics import METRICS, Metric

_FORMAT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}

router = APIRouter(tags=["Health & Status"], responses=responses(401, 403, 429))


@dataclass(frozen=True, slots=True)
class Measures(Collector):
    """The numbers of a home at the moment of the scrape."""

    here: Bridge

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """Every metric there is, also one that has no number now."""
        samples = defaultdict[str, list[Sample]](list)
        for sample in measure(self.here.control, self.here.now()):
            samples[sample.metric].append(sample)
        for metric in METRICS:
            yield _family(metric, samples[metric.name])


@router.get("/metrics", response_class=Response, responses=_FORMAT)
def metrics(here: Here, _caller: Reader) -> Response:
    """Numbers in the text format of Prometheus."""
    return Response(generate_latest(Measures(here)), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _family(metric: Metric, samples: list[Sample]) -> CounterMetricFamily | GaugeMetricFamily:
    form = CounterMetricFamily if metric.is_counter else GaugeMetricFamily
    family = form(metric.name, metric.meaning, labels=metric.labels)
    for sample in samples:
        family.add_metric([sample.labels[label] for label in metric.labels], sample.value)
    return family
