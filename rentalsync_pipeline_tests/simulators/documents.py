"""The vendors' own API descriptions, where they lie beside this checkout: to hold the simulators to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

DESCRIPTIONS = Path(__file__).parents[3] / "shared" / "reference" / "openapi"


def undocumented(name: str, path: str, record: Any) -> set[str]:
    """The fields of a record that no answer to a GET of this path has, by the vendor's description."""
    if not (DESCRIPTIONS / name).is_file():
        pytest.skip("the vendors' API descriptions lie beside the repository, and are not here")
    described = _description(name)
    return set(_fields(record)) - set(_documented(described, described["paths"][path]["get"]["responses"]))


@cache
def _description(name: str) -> Any:
    text = (DESCRIPTIONS / name).read_text(encoding="utf-8")
    return json.loads(text) if name.endswith(".json") else yaml.load(text, yaml.CSafeLoader)


def _documented(whole: Any, part: Any, depth: int = 0) -> Iterator[str]:
    """The names of all properties that a part of a description mentions, references followed."""
    if isinstance(part, list):
        for each in part:
            yield from _documented(whole, each, depth)
    elif isinstance(part, dict) and depth < 30:
        yield from part["properties"] if isinstance(part.get("properties"), dict) else ()
        for name, each in part.items():
            yield from _documented(whole, _followed(whole, each) if name == "$ref" else each, depth + 1)


def _followed(whole: Any, reference: str) -> Any:
    for step in reference.removeprefix("#/").split("/"):
        whole = whole[step.replace("~1", "/")]
    return whole


def _fields(record: Any) -> Iterator[str]:
    """The names of the fields of a record, at any depth; what is keyed by ids or dates has no names there."""
    if isinstance(record, list):
        for each in record:
            yield from _fields(each)
    elif isinstance(record, dict):
        for name, each in record.items():
            yield from () if name[:1].isdigit() else (name,)
            yield from _fields(each)
