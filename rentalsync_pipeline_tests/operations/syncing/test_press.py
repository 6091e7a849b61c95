"""Addresses that overlap after a rotation, and the last look at what is published."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from rentalsync_pipeline.operations.syncing import rendering
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation, vrbo
from rentalsync_pipeline_tests.operations.town import Town, nights

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
BERT = reservation("HMBERT2345", "2026-12-08", 2)
CLEO = reservation("cleo", "2027-01-05", 2, "Cleo")


@pytest.fixture
def loft(town: Town) -> Town:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    return town


def _owners(town: Town) -> list[Path]:
    return sorted((town.home.feeds / "private").glob("loft-owner-*.ics"))


def test_after_a_rotation_the_old_address_goes_on_telling_the_truth_for_a_while(loft: Town) -> None:
    (old,) = _owners(loft)
    loft.stores.control.rotate("loft", "a test", loft.now, loft.now + timedelta(days=7))
    loft.show(loft_airbnb=airbnb(ANNA, BERT))
    loft.sync()
    both = _owners(loft)
    assert len(both) == 2
    assert old in both
    assert both[0].read_bytes() == both[1].read_bytes()
    assert b"20261208" in old.read_bytes()


def test_when_the_overlap_is_over_the_old_address_ends_although_nothing_else_happened(loft: Town) -> None:
    (old,) = _owners(loft)
    loft.stores.control.rotate("loft", "a test", loft.now, loft.now + timedelta(days=7))
    loft.sync()
    loft.sync(days=8)
    (left,) = _owners(loft)
    assert left != old


def test_a_rotation_at_once_ends_the_old_address_with_the_next_sync(loft: Town) -> None:
    (old,) = _owners(loft)
    loft.stores.control.rotate("loft", "a test", loft.now)
    loft.sync()
    (left,) = _owners(loft)
    assert left != old


def test_a_rotation_changes_no_event(loft: Town) -> None:
    before = loft.events("loft", "busy")
    loft.stores.control.rotate("loft", "a test", loft.now)
    loft.sync()
    assert loft.events("loft", "busy") == before


def test_a_telephone_number_that_got_into_an_event_costs_its_words_and_no_night(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        rendering, "words", lambda stays, *_, **__: [("Cleo", "Call +49 7551 998877")] * len(stays)
    )
    town.connect("loft-fewo-direkt", vrbo(CLEO))
    town.listing("loft", feed={"audiences": ["owner"]})
    town.apply()
    published = town.sync()
    (event,) = town.events("loft")
    assert (event.summary, event.description) == ("Reserved", "")
    assert event.nights == nights("2027-01-05", 2)
    (cut,) = published.cut
    assert (cut.listing, cut.audience, cut.uid, cut.kinds) == ("loft", "owner", event.uid, ("phone number",))


@pytest.mark.parametrize(
    "change", [{"check_in": "17:00"}, {"timezone": "Europe/Athens"}, {"feed": {"style": "all_day"}}]
)
def test_the_same_nights_at_other_times_are_a_change_that_clients_must_see(
    town: Town, change: dict[str, object]
) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.listing("loft", feed={"style": "timed"})
    town.apply()
    town.sync()
    (before,) = town.events("loft")
    town.listing("loft", **{"feed": {"style": "timed"}, **change})
    town.apply()
    town.sync()
    (after,) = town.events("loft")
    assert (after.uid, after.sequence) == (before.uid, before.sequence + 1)
    assert after.modified > before.modified
