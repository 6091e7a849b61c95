"""Our own history is replayed from the sync log and the bodies, and comes to what was published."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.core.nightset import ranges
from rentalsync_pipeline.operations.trying.archive import read_archive
from rentalsync_pipeline.operations.trying.backtest import backtest, rehearse
from rentalsync_pipeline.operations.trying.policies import DEFAULT
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.town import Town, nights

ANNA, BEN = reservation("HMANNA2345", "2026-12-01", 3), reservation("HMBENN2345", "2026-12-10", 2)


@pytest.fixture
def loft(town: Town) -> Town:
    """Ben has cancelled, in the middle of an outage; the answers are of 0, 15, 30 and 75 minutes."""
    town.connect("loft-airbnb", airbnb(ANNA, BEN))
    town.apply()
    town.sync()
    for minutes, shown in ((15, None), (15, airbnb(ANNA)), (45, airbnb(ANNA))):
        town.show(loft_airbnb=shown)
        town.sync(minutes=minutes)
    return town


def test_every_answer_of_the_sync_log_is_there(loft: Town) -> None:
    (feed,) = read_archive(loft.stores.control)
    answers = feed.answers()
    assert [answer.reading and len(answer.reading.bookings) for answer in answers] == [2, None, 1, 1]
    assert answers[-1].asked == loft.now
    assert {answer.reading.dialect for answer in answers if answer.reading} == {"airbnb"}


def test_it_comes_to_what_was_published(loft: Town) -> None:
    (feed,) = read_archive(loft.stores.control)
    *_, before, last = rehearse(feed.answers(), DEFAULT.absence).published
    assert before.bit_count() == 5
    ((first, end),) = ranges(last)
    assert nights(str(first), (end - first).days) == loft.nights("loft")
    (outcome,) = backtest([feed], [DEFAULT])
    assert (outcome.false_free, outcome.false_block, outcome.worst_delay_minutes) == (0, 1.5, 45)


def test_a_body_that_is_gone_says_nothing(loft: Town) -> None:
    for body in loft.home.bodies.rglob("*.gz"):
        body.unlink()
    (feed,) = read_archive(loft.stores.control)
    assert [answer.reading for answer in feed.answers()] == [None] * 4


def test_before_the_first_sync_there_is_no_history(town: Town) -> None:
    assert read_archive(town.stores.control) == []
