"""Which pairs of occupations are a double booking."""

from __future__ import annotations

from itertools import product

import pytest

from rentalsync_pipeline.core.conflicts import CERTAINTY, Certainty
from rentalsync_pipeline.core.matching import RULES, Rule
from rentalsync_pipeline.core.model import Kind

GUESTS = (Kind.RESERVATION, Kind.TENTATIVE, Kind.UNKNOWN)


@pytest.mark.parametrize(("one", "other"), list(product(Kind, Kind)))
def test_it_does_not_matter_who_came_first(one: Kind, other: Kind) -> None:
    assert CERTAINTY.get((one, other)) == CERTAINTY.get((other, one))


@pytest.mark.parametrize(("one", "other"), list(product(GUESTS, GUESTS)))
def test_only_two_reservations_are_certain(one: Kind, other: Kind) -> None:
    certain = one is other is Kind.RESERVATION
    assert CERTAINTY[one, other] is (Certainty.CERTAIN if certain else Certainty.POSSIBLE)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("nobody", [Kind.BLOCK, Kind.HORIZON])
def test_where_nobody_arrives_nothing_is_sold_twice(kind: Kind, nobody: Kind) -> None:
    assert (kind, nobody) not in CERTAINTY


def test_every_rule_of_matching_is_explained() -> None:
    assert RULES.keys() == set(Rule)
