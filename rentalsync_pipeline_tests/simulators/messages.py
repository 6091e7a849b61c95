"""A request as it came, an answer before it goes, and a page of records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

Record = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One request. `query` has lists, as a name may stand twice; `headers` have small names."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes
    target: str
    tick: float
    """When, in seconds of the simulator's own clock of rates."""

    def get(self, name: str, default: str = "") -> str:
        """A parameter, or a default."""
        return self.query.get(name, [default])[-1]

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """A whole number, cut to what the vendor gives at most; nonsense is the default."""
        written = self.get(name)
        value = int(written) if written.isdigit() else default
        return min(value, most) if most else value

    def asks_for(self, name: str) -> bool:
        return self.get(name).lower() in {"1", "true"}

    def names(self, name: str) -> set[str]:
        """A parameter that lists values, with commas or by standing several times."""
        return {part for value in self.query.get(name, ()) for part in value.split(",") if part}

    def spans(self, value: str, first: str, last: str) -> bool:
        """Whether a value lies between two parameters, ends included; one that is absent is no bound."""
        return self.get(first) <= value and (not self.get(last) or value <= self.get(last))

    @property
    def form(self) -> Mapping[str, str]:
        """The fields of a form in the body."""
        return {name: values[-1] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def bearer(self) -> str:
        """The token of `Authorization: Bearer`."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" else ""


@dataclass(frozen=True)
class Reply:
    """One answer. `cut`: how much of the body is sent; `pause`: seconds between its bytes."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    pause: float = 0

    @classmethod
    def json(cls, body: object, status: int = 200, **headers: str) -> Reply:
        written = json.dumps(body, ensure_ascii=False).encode()
        return cls.of(written, "application/json", status, **headers)

    @classmethod
    def of(cls, body: bytes, media_type: str, status: int = 200, **headers: str) -> Reply:
        """`Retry_After` and the like become header names."""
        return cls(body, status).with_headers({"Content-Type": media_type}).with_headers(headers)

    def with_headers(self, headers: Mapping[str, object]) -> Reply:
        added = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        return replace(self, headers={**self.headers, **added})

    def parts(self, body: bytes) -> Iterator[bytes]:
        """The body in the pieces in which it is sent."""
        step = 1 if self.pause else max(len(body), 1)
        return (body[start : start + step] for start in range(0, len(body), step))


@dataclass(frozen=True)
class Page:
    """Some of the records that were asked for, and how many there are in all."""

    everything: Sequence[Record]
    first: int
    size: int
    rows: Sequence[Record] = field(default=())
    total: int = 0

    @classmethod
    def of(cls, everything: Sequence[Record], first: int, size: int) -> Page:
        return cls(everything, first, size, everything[first : first + size], len(everything))

    @property
    def more(self) -> bool:
        """Whether another page follows."""
        return self.first + self.size < self.total


def moment(text: str) -> datetime:
    """A date and time as somebody asked for it; one without a zone is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
