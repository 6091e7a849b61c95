"""A listing is suddenly closed from end to end: somebody is told, and no night changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from rentalsync_pipeline.operations.looking.shut import Shut, shut_listings
from rentalsync_pipeline.operations.stores import Run
from rentalsync_pipeline.operations.watching.telling import tell
from rentalsync_pipeline_tests.operations.dialects import (
    Nights,
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    tail,
)
from rentalsync_pipeline_tests.operations.places import Web, web
from rentalsync_pipeline_tests.operations.town import MORNING, Town

TODAY = MORNING.date()
ANNA = reservation("HMANNA2345", "2026-12-01", 20)
BEN = reservation("HMBENN2345", "2027-01-10", 20)
SOLD_OUT = date(2027, 5, 19)
"""The first night that doesn't count any more."""
A_YEAR = timedelta(days=364)


def around(*stays: Nights, until: date = SOLD_OUT) -> list[Nights]:
    """Blocks on every night from today that these leave free."""
    ends = [TODAY, *(stay.end for stay in stays)]
    starts = [*(stay.first for stay in stays), until]
    return [block(end, (start - end).days) for end, start in zip(ends, starts, strict=True) if end < start]


@pytest.fixture
def loft(town: Town) -> Town:
    town.connect("loft-airbnb", airbnb(ANNA, BEN))
    town.apply()
    town.sync()
    return town


@pytest.fixture
def page() -> Iterator[Web]:
    with web() as page:
        yield page


def shut(town: Town) -> list[Shut]:
    return list(shut_listings(town.home))


def test_all_free_nights_closed_at_once_is_noted_with_who_did_it(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA, BEN, *around(ANNA, BEN)))
    loft.sync()
    (found,) = shut(loft)
    assert found == Shut("loft", loft.now, 140, ("loft-airbnb",))
    assert "100 % of the next 180 nights are unavailable" in found.words
    loft.sync(days=2)
    assert shut(loft) == [found]


def test_it_is_over_as_soon_as_a_night_can_be_sold_again(loft: Town) -> None:
    loft.show(loft_airbnb=airbnb(ANNA, BEN, *around(ANNA, BEN)))
    loft.sync()
    loft.show(loft_airbnb=airbnb(ANNA, BEN, *around(ANNA, BEN)[1:]))
    loft.sync()
    assert shut(loft) == []


def test_free_nights_that_join_the_tail_behind_the_booking_window_are_closed_too(loft: Town) -> None:
    end = TODAY + A_YEAR
    closures = [*around(ANNA, BEN)[:-1], tail(BEN.end, end)]
    loft.show(loft_airbnb=airbnb(ANNA, BEN, *closures))
    loft.sync()
    assert [found.free_before for found in shut(loft)] == [140]


def test_the_last_stay_of_a_season_that_sells_out_is_no_alarm(loft: Town) -> None:
    last = reservation("HMCLEO2345", SOLD_OUT - timedelta(days=13), 14)
    loft.show(loft_airbnb=airbnb(ANNA, BEN, *around(ANNA, BEN, until=last.first), block(last.first, 1)))
    loft.sync()
    loft.show(loft_airbnb=airbnb(ANNA, BEN, *around(ANNA, BEN, until=last.first), last))
    loft.sync()
    assert shut(loft) == []


def test_a_listing_that_is_closed_when_it_is_first_seen_is_no_alarm(town: Town) -> None:
    town.connect("loft-booking-com", booking_com(closed(TODAY, 200)))
    town.apply()
    town.sync()
    assert shut(town) == []


def test_it_is_told_once_and_once_more_when_it_is_over(loft: Town, page: Web) -> None:
    def sync(*stays: Nights) -> None:
        loft.show(loft_airbnb=airbnb(*stays))
        loft.sync()
        tell(loft.stores, Run(f"run-{loft.runs}", loft.now), "sync", pytest.fail)

    loft.document["alerts"] = [{"webhook": page.url}]
    loft.apply()
    sync(ANNA, BEN, *around(ANNA, BEN))
    sync(ANNA, BEN, *around(ANNA, BEN))
    (text,) = page.texts
    assert text.startswith("loft: 100 % of the next 180 nights are unavailable since 2026-11-20 08:30 UTC")
    assert "140 free ones were closed at once by loft-airbnb" in text
    sync(ANNA, BEN)
    assert page.texts == [text, f"Over: {text}"]
