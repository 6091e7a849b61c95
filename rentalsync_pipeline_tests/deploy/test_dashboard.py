"""Grafana's dashboard and the rules of the how-to ask for metrics that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from rentalsync_pipeline.operations.watching.metrics import METRICS

ROOT = Path(__file__).parents[2]
LABELS = {metric.name: set(metric.labels) for metric in METRICS}
COUNTERS = {metric.name for metric in METRICS if metric.is_counter}


def panels() -> list[dict[str, Any]]:
    dashboard = json.loads((ROOT / "deploy" / "grafana" / "rentalsync.json").read_text(encoding="utf-8"))
    return list(dashboard["panels"])


def rules() -> list[str]:
    page = (ROOT / "docs" / "how-to" / "watch-it.md").read_text(encoding="utf-8")
    documents = [yaml.safe_load(each) for each in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    return [
        rule["expr"]
        for document in documents
        for group in document.get("groups", ())
        for rule in group["rules"]
    ]


def expressions() -> list[str]:
    return [target["expr"] for panel in panels() for target in panel["targets"]] + rules()


def test_every_expression_names_metrics_that_there_are() -> None:
    assert len(rules()) == 5
    for expression in expressions():
        named = re.findall(r"\brentalsync_\w+", expression)
        assert named
        assert set(named) <= LABELS.keys(), expression
        assert expression.count("(") == expression.count(")")


def test_what_only_grows_is_asked_for_its_growth() -> None:
    for expression in expressions():
        grown = set(re.findall(r"\b(?:increase|rate)\((\w+)\[", expression))
        assert grown == COUNTERS & set(re.findall(r"\brentalsync_\w+", expression)), expression


def test_what_is_summed_by_a_label_has_it() -> None:
    for expression in expressions():
        for labels, name in re.findall(r"by \(([\w, ]+)\) \(increase\((\w+)\[", expression):
            assert set(labels.split(", ")) <= LABELS[name]


def test_a_line_is_named_after_labels_that_it_has() -> None:
    for panel in panels():
        for target in panel["targets"]:
            shared = set.intersection(
                *(LABELS[name] for name in re.findall(r"rentalsync_\w+", target["expr"]))
            )
            assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= shared, target["expr"]


def test_panels_have_a_title_an_explanation_and_a_place_of_their_own() -> None:
    places = [
        (panel["gridPos"]["x"] + dx, panel["gridPos"]["y"] + dy)
        for panel in panels()
        for dx in range(panel["gridPos"]["w"])
        for dy in range(panel["gridPos"]["h"])
    ]
    assert len(places) == len(set(places))
    assert all(panel["title"] and panel["description"] for panel in panels())
