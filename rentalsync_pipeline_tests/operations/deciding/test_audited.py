"""What people decide is told in the audit log, by whom and when; guests and people's own words are not."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.control.chain import Entry
from rentalsync_pipeline.core.conflicts import Verdict
from rentalsync_pipeline.core.plausibility import Decision
from rentalsync_pipeline.operations.deciding import quarantines, rollbacks
from rentalsync_pipeline.operations.looking.conflicts import conflicts
from rentalsync_pipeline.operations.syncing.settle import reopen, resolve
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation, vrbo
from rentalsync_pipeline_tests.operations.town import Town

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)
BEA = reservation("bea", "2026-12-02", 3, "Bea Canary")


@pytest.fixture
def loft(town: Town) -> Town:
    """A double booking, and an answer that is doubted."""
    town.connect("loft-airbnb", airbnb(ANNA, BEN))
    town.connect("loft-fewo-direkt", vrbo(BEA))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb())
    town.sync()
    return town


def told(town: Town) -> Entry:
    """The newest row: of anna, of now, and without what must not be in it."""
    *_, row = town.stores.control.audit.rows()
    assert (row.who, row.at) == ("anna", town.now)
    assert "Canary" not in repr(row)
    return row.entry


@pytest.mark.parametrize("decision", Decision)
def test_a_word_on_a_quarantine(loft: Town, decision: Decision) -> None:
    (held,) = quarantines.quarantines(loft.stores.control)
    quarantines.decide(loft.stores.control, held, decision, "anna", loft.now, "Mrs Canary has called")
    entry = Entry(f"quarantine_{decision}", "loft-airbnb", new={"quarantine": str(held.id)})
    assert told(loft) == entry


def test_a_word_on_a_double_booking_and_its_end(loft: Town) -> None:
    control = loft.stores.control
    (conflict,) = conflicts(control, loft.now)
    resolve(control, conflict.id, Verdict.REAL, "anna", loft.now)
    assert told(loft) == Entry("conflict_real", str(conflict.id))
    reopen(control, conflict.id, "anna", loft.now)
    assert told(loft) == Entry("conflict_open", str(conflict.id))


def test_a_rollback_and_its_end(loft: Town) -> None:
    control, before = loft.stores.control, loft.now
    loft.show(loft_fewo_direkt=vrbo(BEA.moved(count=5)))
    loft.sync()
    (back,) = rollbacks.roll_back(
        control, "loft", "busy", None, free_nights=True, asked_by="anna", now=loft.now
    )
    entry = told(loft)
    assert entry.action == "roll_back"
    assert entry.new is not None
    assert entry.new["busy"] == back.since.isoformat()
    assert int(entry.new["stays_let_go"] or 0) > 0
    loft.sync()
    rollbacks.end(control, "loft", "busy", "anna", loft.now)
    assert told(loft) == Entry("roll_back", "loft", new={"busy": None})
    assert before < loft.now


def test_nights_that_are_let_go_with_their_connection(loft: Town) -> None:
    del loft.connections["loft-fewo-direkt"]
    loft.apply(prune=True, free_nights=True)
    *_, row = loft.stores.control.audit.rows()
    assert row.entry == Entry("free_nights", "loft-fewo-direkt")
