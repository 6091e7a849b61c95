"""A person may end a quarantine, also while a sync runs, and sees first what would change."""

from __future__ import annotations

from datetime import date

import pytest

from rentalsync_pipeline.core.plausibility import Decision, Ending
from rentalsync_pipeline.operations.deciding.quarantines import Change, decide, quarantines, show, standing
from rentalsync_pipeline.operations.looking.explain import explain
from rentalsync_pipeline.operations.reading import UnknownError
from rentalsync_pipeline.operations.stores import Scope
from rentalsync_pipeline.operations.syncing.ingest import due
from rentalsync_pipeline_tests.operations.crashes import Died, dying_at, truth
from rentalsync_pipeline_tests.operations.dialects import airbnb, block, reservation, vrbo
from rentalsync_pipeline_tests.operations.town import NewTown, Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BEN = reservation("HMBENN2345", "2026-12-10", 2)
CLEO = reservation("HMCLEO2345", "2026-12-20", 2)
DAN = reservation("HMDANN2345", "2027-01-05", 4)
ANNAS, DANS = nights("2026-12-01", 3), nights("2027-01-05", 4)
ALL = ANNAS | nights("2026-12-10", 2) | nights("2026-12-20", 2)


@pytest.fixture
def held(town: Town) -> Town:
    """Airbnb has lost Ben and Cleo at once; Vrbo has sold one of Ben's nights, too."""
    town.connect("loft-airbnb", airbnb(ANNA, BEN, CLEO, block("2027-02-01", 2)))
    town.connect("loft-fewo-direkt", vrbo(reservation("eve", "2026-12-11", 1, "Eve")))
    town.apply()
    town.sync()
    town.show(loft_airbnb=airbnb(ANNA, DAN))
    town.sync()
    return town


def say(town: Town, decision: Decision) -> None:
    decide(town.stores.control, standing(town.stores.control, "loft-airbnb"), decision, "a test", town.now)


def is_due(town: Town) -> bool:
    return "loft-airbnb" in [
        connection.id
        for connection in due(
            town.stores.control.portfolio(),
            town.stores.control.states(),
            Scope(due_only=True),
            town.now,
            {request.subject for request in town.stores.control.waiting()},
        )
    ]


def test_what_stands_is_listed_with_the_reason_and_the_losses(held: Town) -> None:
    (found,) = quarantines(held.stores.control)
    assert (found.connection, found.channel, found.since) == ("loft-airbnb", "airbnb", held.now)
    assert found.doubts == ("many bookings that have yet to begin are gone at once",)
    assert [(lost.listing, lost.code, lost.check_in) for lost in found.lost] == [
        ("loft", "HMBENN2345", date(2026, 12, 10)),
        ("loft", "HMCLEO2345", date(2026, 12, 20)),
    ]


def test_what_a_release_would_change_is_told_night_by_night(held: Town) -> None:
    shown = show(held.stores.control, quarantines(held.stores.control)[0].id, held.now)
    assert shown.changes == (
        Change("loft", date(2026, 12, 10), date(2026, 12, 10), ()),
        Change("loft", date(2026, 12, 11), date(2026, 12, 11), ("loft-fewo-direkt",)),
        Change("loft", date(2026, 12, 20), date(2026, 12, 21), ()),
        Change("loft", date(2027, 2, 1), date(2027, 2, 2), ()),
    )


def test_a_night_that_is_only_held_by_doubt_says_so(held: Town) -> None:
    (found,) = quarantines(held.stores.control)
    assert explain(held.stores.control, "loft", date(2026, 12, 20)).quarantines == (found.id,)
    assert explain(held.stores.control, "loft", date(2026, 12, 1)).quarantines == ()


def test_a_quarantine_that_does_not_stand_is_not_decided_about(held: Town) -> None:
    with pytest.raises(UnknownError, match="no quarantine 99"):
        standing(held.stores.control, 99)
    with pytest.raises(UnknownError, match="there is no quarantine 99"):
        show(held.stores.control, 99, held.now)


def test_a_release_lets_go_with_the_next_sync(held: Town) -> None:
    say(held, Decision.RELEASE)
    held.sync(minutes=1)
    assert held.nights("loft") == ANNAS | DANS | {date(2026, 12, 11)}
    (found,) = quarantines(held.stores.control, resolved=True)
    assert (found.ending, found.resolved) == (Ending.RELEASED, held.now)
    assert held.stores.control.waiting() == []
    assert held.stores.control.states()["loft-airbnb"].failures == 0


def test_a_release_needs_no_answer(held: Town) -> None:
    say(held, Decision.RELEASE)
    held.show(loft_airbnb=None)
    held.sync(minutes=1)
    assert held.nights("loft") == ANNAS | DANS | {date(2026, 12, 11)}


def test_what_has_returned_meanwhile_is_never_free(held: Town) -> None:
    say(held, Decision.RELEASE)
    held.show(loft_airbnb=airbnb(ANNA, BEN, CLEO, DAN))
    held.sync(minutes=1)
    assert held.nights("loft") == ALL | DANS
    assert held.table("FROM changes WHERE NOT busy AND first_night < '2027-02-01'") == []


def test_a_release_covers_no_more_than_was_shown(held: Town) -> None:
    say(held, Decision.RELEASE)
    held.show(loft_airbnb=airbnb())
    held.sync(minutes=1)
    assert held.nights("loft") == ANNAS | DANS | {date(2026, 12, 11)}
    (found,) = quarantines(held.stores.control)
    assert found.since == held.now


def test_what_is_rejected_is_not_believed_after_a_day(held: Town) -> None:
    say(held, Decision.REJECT)
    held.sync(days=3)
    assert held.nights("loft") >= ALL | DANS
    assert [each.decision for each in quarantines(held.stores.control)] == [Decision.REJECT]
    held.show(loft_airbnb=airbnb(ANNA, BEN, CLEO, DAN))
    held.sync()
    assert [each.ending for each in quarantines(held.stores.control, resolved=True)] == [Ending.RESTORED]


def test_who_rejected_may_think_better_of_it(held: Town) -> None:
    say(held, Decision.REJECT)
    held.sync(minutes=1)
    say(held, Decision.RELEASE)
    held.sync(minutes=1)
    assert held.nights("loft") == ANNAS | DANS | {date(2026, 12, 11)}


def test_a_decision_about_what_has_ended_changes_nothing(held: Town) -> None:
    before = standing(held.stores.control, "loft-airbnb")
    held.show(loft_airbnb=airbnb(ANNA, BEN, CLEO, DAN))
    held.sync()
    decide(held.stores.control, before, Decision.RELEASE, "a test", held.now)
    held.show(loft_airbnb=airbnb(ANNA, DAN))
    held.sync()
    assert held.nights("loft") >= ALL | DANS
    assert held.stores.control.waiting() == []


@pytest.mark.slow
def test_a_release_is_carried_out_once_wherever_a_sync_dies(held: Town, new_town: NewTown) -> None:
    say(held, Decision.RELEASE)
    undisturbed = new_town("undisturbed", like=held)
    with dying_at(0, lambda: None) as points:
        undisturbed.sync()
    undisturbed.sync(minutes=0)
    expected = truth(undisturbed)
    # From there on, nothing knows of the release any more: see test_crashes.
    for point, name in enumerate(points[: points.index("before FeedStore.write")], 1):
        town = new_town(f"dies-at-{point}", like=held)
        with dying_at(point, _die), pytest.raises(Died):
            town.sync()
        town.sync(minutes=0)
        assert truth(town) == expected, name
        assert town.stores.control.waiting() == []


def _die() -> None:
    raise Died


def test_a_decision_makes_its_connection_due(held: Town) -> None:
    assert not is_due(held)
    say(held, Decision.RELEASE)
    assert is_due(held)
