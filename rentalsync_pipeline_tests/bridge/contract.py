"""The bridge's contract (RentalSync Bridge 1.0.0, 2025-01-24, Apache-2.0): its examples.

`fixtures/bridge/contract.json` holds them word for word, by what they are the example of. Does not belong
here: what we answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

_FIXTURE = Path(__file__).parents[1] / "fixtures" / "bridge" / "contract.json"
EXAMPLES: Mapping[str, Any] = json.loads(_FIXTURE.read_text(encoding="utf-8"))

_PART = re.compile(
    r"^#{3,4} (?P<heading>[^\n]+)$"
    r"|^\*\*(?:Error )?Response\*\*: `(?P<status>\d+) "
    r"|^\*\*(?P<request>Request Body)\*\*"
    r"|^```\w*\n(?P<block>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def examples(document: str) -> Iterator[tuple[str, Any]]:
    """All examples of the contract, each as `GET /path 200`, `POST /path` (a request) or its heading."""
    heading = place = ""
    for part in _PART.finditer(document):
        if part["heading"]:
            heading = place = part["heading"].strip("`")
        elif part["status"] or part["request"]:
            place = f"{heading} {part['status'] or ''}".strip()
        elif part["block"] and "{" in part["block"] + place:
            yield place, _content(part["block"])


def _content(block: str) -> Any:
    """JSON, also that which curl sends; else the lines of a text."""
    sent = re.search(r"-d '(.*)'", block, re.DOTALL)
    try:
        return json.loads(sent[1] if sent else block)
    except ValueError:
        return block.splitlines()


def told(name: str, but: Mapping[str, Any] | None = None) -> Any:
    """An example; `but` holds what can't be equal: by `place.0.of.it` another value of the same form."""
    answer = deepcopy(EXAMPLES[name])
    for place, value in (but or {}).items():
        *way, last = [int(step) if step.isdecimal() else step for step in place.split(".")]
        part = answer
        for step in way:
            part = part[step]
        assert part[last] != value, f"{place} is the same"
        assert _form(part[last]) == _form(value), f"{place} has another form"
        part[last] = value
    return answer


def _form(value: Any) -> str:
    """The type, and of a moment how it is written."""
    try:
        datetime.fromisoformat(value)
        return re.sub(r"\d", "0", value)
    except (TypeError, ValueError):
        return type(value).__name__
