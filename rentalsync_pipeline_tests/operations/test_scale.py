"""Two thousand listings: everything is there, and a quiet sync writes nothing. Timings are only printed."""

from __future__ import annotations

from time import perf_counter

import pytest

from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.town import Town

LISTINGS, STAYS = 2000, 20


@pytest.mark.slow
def test_two_thousand_listings(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    for home in range(LISTINGS):
        town.listing(f"home{home}", feed={"audiences": ["owner"]})
        guests = (
            reservation(f"HM{home:04}{stay:04}", f"{2027 + stay // 12}-{stay % 12 + 1:02}-01", 1 + home % 9)
            for stay in range(STAYS)
        )
        town.connect(f"home{home}-airbnb", airbnb(*guests))
    town.apply()
    took = {}
    for label in ("first", "unchanged"):
        began = perf_counter()
        published = town.sync()
        took[label] = perf_counter() - began
        assert published.written == (LISTINGS if label == "first" else 0)
    seconds = ", ".join(f"{label} sync {passed:.1f} s" for label, passed in took.items())
    with capsys.disabled():
        print(f"\n{LISTINGS} listings of {STAYS} stays: {seconds}")
    assert town.table("SELECT count(*) AS n FROM stays WHERE active") == [{"n": LISTINGS * STAYS}]
    assert len(town.events("home1234")) == STAYS
