"""Who said what, before and after a sync has heard of it."""

from __future__ import annotations

from datetime import timedelta

from rentalsync_pipeline.core.conflicts import Verdict
from rentalsync_pipeline.core.plausibility import Decision
from rentalsync_pipeline.operations.asking import LISTING
from rentalsync_pipeline.operations.deciding import last_words
from rentalsync_pipeline.operations.deciding.quarantines import Held, decide, quarantines
from rentalsync_pipeline.operations.looking.conflicts import Conflict, conflicts
from rentalsync_pipeline.operations.syncing.settle import reopen, resolve
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation, vrbo
from rentalsync_pipeline_tests.operations.town import Town

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)
BEA = reservation("bea", "2026-12-02", 3, "Bea")


def doubted(town: Town) -> Held:
    town.connect("loft-airbnb", airbnb(ANNA, BEN))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb())
    town.sync()
    (held,) = quarantines(town.stores.control)
    return held


def contested(town: Town) -> Conflict:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-fewo-direkt", vrbo(BEA))
    town.apply()
    town.sync()
    (found,) = conflicts(town.stores.control, town.now)
    return found


def test_the_last_word_on_a_quarantine_is_told_with_its_reason(town: Town) -> None:
    held, control = doubted(town), town.stores.control
    assert last_words.on_quarantines(control, [held]) == {}
    decide(control, held, Decision.REJECT, "anna", town.now)
    decide(control, held, Decision.RELEASE, "ben", town.now, "the host closed two rooms")
    word = last_words.on_quarantines(control, [held])[held.id]
    assert (word.said, word.by, word.done) == (Decision.RELEASE, "ben", None)
    assert word.why == "the host closed two rooms"
    town.sync()
    assert last_words.on_quarantines(control, [held])[held.id].done == town.now


def test_the_last_word_on_a_double_booking_may_be_that_it_is_taken_back(town: Town) -> None:
    found, control = contested(town), town.stores.control
    resolve(control, found.id, Verdict.REAL, "anna", town.now)
    assert last_words.on_conflicts(control, [found])[found.id].said is Verdict.REAL
    town.sync()
    reopen(control, found.id, "ben", town.now)
    word = last_words.on_conflicts(control, [found])[found.id]
    assert (word.said, word.by, word.done) == (None, "ben", None)


def test_what_was_said_of_an_earlier_one_of_that_number_is_not_told(town: Town) -> None:
    found, control = contested(town), town.stores.control
    resolve(control, found.id, Verdict.REAL, "anna", town.now - timedelta(days=1))
    assert last_words.on_conflicts(control, [found]) == {}


def test_what_waits_of_a_listing_is_told_until_a_sync_has_done_it(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.stores.control.ask(LISTING, "loft", {}, "anna", town.now)
    (waits,) = last_words.waiting(town.stores.control, "loft")
    assert (waits.words, waits.by, waits.asked) == ("its channels are asked", "anna", town.now)
    assert last_words.waiting(town.stores.control, "barn") == []
    town.sync()
    assert last_words.waiting(town.stores.control, "loft") == []
