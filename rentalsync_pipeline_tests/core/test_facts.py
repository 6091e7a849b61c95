from __future__ import annotations

from dataclasses import dataclass

from rentalsync_pipeline.core.facts import facts


@dataclass(frozen=True, slots=True)
class Inner:
    nights: list[int]


@dataclass(frozen=True, slots=True)
class Outer:
    name: str
    inner: Inner


def test_fields_are_given_as_they_are() -> None:
    inner = Inner([1, 2])
    given = facts(Outer("loft", inner))
    assert list(given.items()) == [("name", "loft"), ("inner", inner)]
    assert given["inner"] is inner
