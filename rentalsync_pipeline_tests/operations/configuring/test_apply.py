from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.control.written.merge import Action, DanglingError, Plan
from rentalsync_pipeline.control.written.problems import ConfigError
from rentalsync_pipeline.operations.configuring.apply import apply
from rentalsync_pipeline.operations.configuring.setup import init

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
CHANNELS = ("airbnb", "booking_com", "ical")
PORTFOLIO = """\
version: 1
defaults: {timezone: Europe/Rome}
listings:
  - slug: loft
    name: Loft
connections:
  - id: loft-airbnb
    channel: airbnb
    listing: loft
    url: https://www.airbnb.com/calendar/ical/1.ics?s=canary-one
  - id: loft-booking
    channel: booking_com
    listing: loft
    url: ${LOFT_BOOKING}
"""


class Portfolio:
    """A home with its configuration, to be changed and applied."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.store = ControlStore.open(home, {})
        home.secrets.write_text("LOFT_BOOKING=https://ical.booking.com/v1/export?t=canary-two\n")
        home.config.write_text(PORTFOLIO)

    def edit(self, old: str, new: str) -> None:
        """Change the file."""
        text = self.home.config.read_text()
        assert old in text
        self.home.config.write_text(text.replace(old, new))

    def apply(self, *, dry_run: bool = False, prune: bool = False, free_nights: bool = False) -> Plan:
        """Apply the file."""
        return apply(
            self.store,
            self.home.config,
            channels=CHANNELS,
            env={},
            who="a test",
            now=NOW,
            dry_run=dry_run,
            prune=prune,
            free_nights=free_nights,
        )

    def connections(self) -> list[str]:
        """The ids of the connections in the store."""
        return [each.id for each in self.store.portfolio({}).connections]


@pytest.fixture
def portfolio(tmp_path: Path) -> Iterator[Portfolio]:
    portfolio = Portfolio(init(tmp_path, env={}).home)
    yield portfolio
    portfolio.store.close()


def test_the_store_comes_to_hold_what_the_file_says(portfolio: Portfolio) -> None:
    plan = portfolio.apply()

    assert plan.counts == {Action.ADD: 3}
    assert portfolio.connections() == ["loft-airbnb", "loft-booking"]
    assert portfolio.store.url_of("loft-booking", {}).reveal().endswith("canary-two")
    assert portfolio.store.last_apply() == NOW


def test_a_second_time_changes_nothing(portfolio: Portfolio) -> None:
    portfolio.apply()
    before = portfolio.store.portfolio({})
    assert portfolio.apply().changes == ()
    assert portfolio.store.portfolio({}) == before


def test_a_dry_run_tells_the_same_and_changes_nothing(portfolio: Portfolio) -> None:
    told = portfolio.apply(dry_run=True)
    assert portfolio.connections() == []
    assert portfolio.store.last_apply() is None
    assert portfolio.apply() == told


def test_a_file_with_a_problem_changes_nothing(portfolio: Portfolio) -> None:
    portfolio.apply()
    before = portfolio.store.portfolio({})
    portfolio.edit("name: Loft", "name: Renamed")
    portfolio.edit("channel: booking_com", "channel: bokking")
    with pytest.raises(ConfigError):
        portfolio.apply()
    assert portfolio.store.portfolio({}) == before


def test_what_others_changed_is_kept_and_shown(portfolio: Portfolio) -> None:
    portfolio.apply()
    with portfolio.store.configuring("a test", NOW, {}) as configuration:
        stored = configuration.stored()
        mine = {"loft": {**stored.rows("listings")["loft"], "name": "By the API"}}
        configuration.replace(stored, type(stored)({**stored.tables, "listings": mine}))

    portfolio.edit("name: Loft", "name: Loft\n    timezone: Europe/Paris")
    plan = portfolio.apply()
    (listing,) = portfolio.store.portfolio({}).listings
    assert (listing.name, listing.timezone) == ("By the API", "Europe/Paris")
    assert plan.ids(Action.DRIFT, "listings") == plan.ids(Action.UPDATE, "listings") == ("loft",)


def without_booking(portfolio: Portfolio) -> None:
    """Take the second connection out of the file."""
    portfolio.edit(PORTFOLIO[PORTFOLIO.index("  - id: loft-booking") :], "")


def test_only_pruning_takes_a_connection_away_and_then_its_nights_stay(portfolio: Portfolio) -> None:
    portfolio.apply()
    without_booking(portfolio)

    assert portfolio.apply().ids(Action.KEEP, "connections") == ("loft-booking",)
    assert portfolio.connections() == ["loft-airbnb", "loft-booking"]
    assert portfolio.apply(prune=True).ids(Action.REMOVE, "connections") == ("loft-booking",)
    assert portfolio.connections() == ["loft-airbnb"]
    assert portfolio.store.waiting() == []


def test_freeing_nights_is_left_to_the_next_sync(portfolio: Portfolio) -> None:
    portfolio.apply()
    without_booking(portfolio)
    portfolio.apply(prune=True, free_nights=True, dry_run=True)
    assert portfolio.store.waiting() == []

    portfolio.apply(prune=True, free_nights=True)
    (request,) = portfolio.store.waiting()
    assert (request.kind, request.subject, request.asked_by) == ("free_nights", "loft-booking", "a test")


def test_a_renaming_is_told_to_the_next_sync(portfolio: Portfolio) -> None:
    portfolio.apply()
    portfolio.store.rotate("loft", "a test", NOW)
    portfolio.edit("slug: loft\n", "slug: attic\n    renamed_from: loft\n")
    portfolio.edit("listing: loft", "listing: attic")
    portfolio.apply()
    portfolio.apply()

    (request,) = portfolio.store.waiting()
    assert (request.kind, request.subject) == ("rename", "attic")
    assert request.payload == {"table": "listings", "old": "loft"}
    (listing,) = portfolio.store.portfolio({}).listings
    assert (listing.slug, listing.feed.generation) == ("attic", 1)
    assert {each.listing for each in portfolio.store.portfolio({}).connections} == {"attic"}


def test_a_listing_that_others_need_can_not_be_pruned(portfolio: Portfolio) -> None:
    portfolio.apply()
    with portfolio.store.configuring("a test", NOW, {}) as configuration:
        stored = configuration.stored()
        connections = stored.rows("connections")
        more = {**connections, "by-api": connections["loft-airbnb"]}
        configuration.replace(stored, type(stored)({**stored.tables, "connections": more}))

    portfolio.home.config.write_text("version: 1\n")
    with pytest.raises(DanglingError, match="by-api refers to loft"):
        portfolio.apply(prune=True)
    assert len(portfolio.connections()) == 3


def test_pointing_a_variable_elsewhere_shows_in_the_source_before_and_after_applying(
    portfolio: Portfolio,
) -> None:
    portfolio.apply()
    before = portfolio.store.portfolio({}).connections[1].source
    portfolio.home.secrets.write_text("LOFT_BOOKING=https://ical.booking.com/v1/export?t=another\n")
    at_once = portfolio.store.portfolio({}).connections[1].source
    portfolio.apply()

    assert at_once != before
    assert portfolio.store.portfolio({}).connections[1].source == at_once


def test_no_secret_shows_anywhere_but_in_the_files_that_keep_it(
    portfolio: Portfolio, caplog: pytest.LogCaptureFixture
) -> None:
    """URLs in the YAML and in secrets.env, a credential, and an alert, through all that may be printed."""
    caplog.set_level(logging.DEBUG)
    portfolio.home.config.write_text(
        PORTFOLIO
        + "  - {id: hotel, channel: ical, credentials: {key: canary-three}}\n"
        + "alerts: [{webhook: 'https://hooks.example/canary-four'}]\n"
    )
    shown = [repr(portfolio.apply(dry_run=True)), repr(portfolio.apply())]
    portfolio.edit("canary-one", "canary-five")
    portfolio.edit("canary-three", "canary-six")
    shown.append(repr(portfolio.apply()))
    portfolio.edit("channel: airbnb", "channel: nope")
    try:
        portfolio.apply()
    except ConfigError:
        shown.append(traceback.format_exc())
    portfolio.home.secrets.unlink()
    try:
        portfolio.store.url_of("loft-booking", {})
    except LookupError:
        shown.append(traceback.format_exc())
    shown += [repr(portfolio.store.portfolio({})), repr(portfolio.store.alerts({})), caplog.text]
    with portfolio.store.configuring("a test", NOW, {}) as configuration:
        shown += [repr(configuration.stored()), repr(configuration.applied()), repr(configuration)]
    shown.append(repr(portfolio.store.url_of("loft-airbnb", {})))
    files = [path.read_bytes() for path in portfolio.home.path.rglob("*") if path.is_file()]

    assert len(files) >= 4, "the database is among them"
    assert not re.findall("canary-[a-z]+", "".join(shown))
    assert not re.findall(b"canary-[a-z]+", b"".join(files))
