"""The table of audiences: who sees which occupation."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.core.portfolio import Blocks
from rentalsync_pipeline.core.visibility import shows

YES, NO = True, False
AUDIENCES = ("owner", "busy", "for-airbnb", "for-booking_com")

FROM_AIRBNB = {
    Kind.RESERVATION: (YES, YES, NO, YES),
    Kind.TENTATIVE: (YES, YES, NO, YES),
    Kind.UNKNOWN: (YES, YES, NO, YES),
    Kind.BLOCK: (YES, YES, NO, YES),
    Kind.HORIZON: (NO, NO, NO, NO),
}
"""What each of the audiences sees of an occupation that Airbnb told of."""


@pytest.mark.parametrize("kind", Kind)
def test_who_sees_an_occupation(kind: Kind) -> None:
    seen = tuple(shows(audience, kind, ["airbnb"], Blocks.EXPORT) for audience in AUDIENCES)
    assert seen == FROM_AIRBNB[kind]


@pytest.mark.parametrize("kind", Kind)
def test_who_sees_it_where_blocks_are_ignored(kind: Kind) -> None:
    expected = (YES, NO, NO, NO) if kind is Kind.BLOCK else FROM_AIRBNB[kind]
    assert tuple(shows(audience, kind, ["airbnb"], Blocks.IGNORE) for audience in AUDIENCES) == expected


def test_no_channel_gets_back_what_it_knows() -> None:
    known = ["airbnb", "cloudbeds"]
    assert not shows("for-airbnb", Kind.RESERVATION, known, Blocks.EXPORT)
    assert not shows("for-cloudbeds", Kind.RESERVATION, known, Blocks.EXPORT)
    assert shows("for-expedia", Kind.RESERVATION, known, Blocks.EXPORT)
