"""An account of many listings: each is doubted for itself, and all of them where a loss is spread over many.

The channel is a file dropped beside the others, and its answers lie in the spool, as the fetch leaves them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from textwrap import dedent

import pytest

from rentalsync_pipeline import channels as package
from rentalsync_pipeline.channels.registry import accounts, channels
from rentalsync_pipeline.core.plausibility import Decision
from rentalsync_pipeline.core.verdict import Verdict
from rentalsync_pipeline.operations.deciding.quarantines import decide, quarantines, show
from rentalsync_pipeline.warehouse.spool import Spooled
from rentalsync_pipeline_tests.operations.town import Row, Town

HOTEL = '''
    """An account that tells of rooms: `{room: {id: [first night, nights]}}`; partial with `absent`."""
    import json
    from datetime import date, timedelta
    from types import SimpleNamespace
    from rentalsync_pipeline.core.model import Booking, Kind, Reading, Status

    def read(body, context):
        told = json.loads(body)
        absent = told.pop("absent", None)
        bookings = tuple(
            Booking(key, Kind.RESERVATION, Status.CONFIRMED, first, first + timedelta(days=nights),
                    uid=key, code=key, upstream_listing=room)
            for room, records in told.items()
            for key, (first, nights) in ((k, (date.fromisoformat(f), n)) for k, (f, n) in records.items())
        )
        return Reading(bookings, events=len(bookings), dialect="hotel",
                       partial=absent is not None, absent=tuple(absent or ()))

    ACCOUNT = SimpleNamespace(name="hotel", title="Hotel", color="teal", read=read)
'''

Rooms = dict[str, dict[str, tuple[str, int]]]


@pytest.fixture(autouse=True)
def hotel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "more_channels"
    folder.mkdir()
    (folder / "hotel.py").write_text(dedent(HOTEL))
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    forget_channels()
    yield
    forget_channels()


def forget_channels() -> None:
    for found in (channels, accounts):
        found.cache_clear()


def rooms(count: int, stays: int) -> Rooms:
    """Rooms `r0`, `r1`, …, each with that many stays ahead."""
    first = date(2026, 12, 1)
    return {
        f"r{room}": {f"r{room}-{stay}": (str(first + timedelta(days=4 * stay)), 2) for stay in range(stays)}
        for room in range(count)
    }


def without(told: Rooms, *keys: str) -> Rooms:
    return {
        room: {key: nights for key, nights in records.items() if key not in keys}
        for room, records in told.items()
    }


class Account:
    """A town whose one connection is an account; `answer` lets it answer."""

    def __init__(self, town: Town, told: Rooms) -> None:
        self.town = town
        for room in told:
            town.listing(f"home-{room}")
        town.connections["hotel"] = {
            "channel": "hotel",
            "credentials": {"api_key": "k"},
            "listings": {room: f"home-{room}" for room in told},
        }
        town.apply()

    def answer(self, told: Rooms, *, minutes: float = 15, absent: Sequence[str] | None = None) -> Row:
        """One answer through a sync; what the log says of it. One that names `absent` records is partial."""
        town = self.town
        run = town.begin(minutes=minutes)
        body = json.dumps(told if absent is None else {**told, "absent": absent}).encode()
        (connection,) = town.stores.control.portfolio().connections
        entry = Spooled(
            fetch_id=f"fetch-{town.runs}",
            run_id=run.id,
            connection="hotel",
            channel="hotel",
            source=connection.source,
            as_of=run.now,
            started=run.now,
            ended=run.now,
            verdict=Verdict.ACCEPTED,
            content=sha256(body).hexdigest(),
            size=len(body),
            partial=absent is not None,
        )
        town.stores.spool.put(entry, body)
        town.finish(run)
        return town.log()["hotel"]

    def busy(self) -> Mapping[str, int]:
        """How many nights each room's feed shows."""
        return {slug: len(self.town.nights(slug)) for slug in self.town.listings}


def test_a_listing_that_is_emptied_is_held_alone_and_the_others_go_on(town: Town) -> None:
    told = rooms(4, 3)
    account = Account(town, told)
    account.answer(told)
    changed = without(told, "r0-0", "r0-1", "r0-2", "r1-0") | {"r2": {"new": ("2027-01-01", 5)} | told["r2"]}
    first = account.answer(changed)
    assert first["verdict"] == "quarantined"
    assert first["detail"].startswith("of 1 of its listings: ")
    assert account.busy() == {"home-r0": 6, "home-r1": 6, "home-r2": 11, "home-r3": 6}
    second = account.answer(changed, minutes=45)
    assert second["cancelled"] == 1
    assert account.busy() == {"home-r0": 6, "home-r1": 4, "home-r2": 11, "home-r3": 6}
    (held,) = quarantines(town.stores.control)
    assert (held.connection, held.upstream_listing, len(held.lost)) == ("hotel", "r0", 3)
    assert town.stores.control.states()["hotel"].last_ok == town.now


def test_what_a_listing_in_doubt_adds_counts_at_once(town: Town) -> None:
    told = rooms(2, 3)
    account = Account(town, told)
    account.answer(told)
    account.answer(told | {"r0": {"new": ("2027-01-01", 5)}})
    assert account.busy() == {"home-r0": 11, "home-r1": 6}


def test_a_listing_is_freed_by_the_same_answer_for_a_day_or_by_a_person(town: Town) -> None:
    told = rooms(3, 3)
    account = Account(town, told)
    account.answer(told)
    emptied = told | {"r0": {}, "r1": {}}
    account.answer(emptied)
    r0, r1 = sorted(quarantines(town.stores.control), key=lambda held: held.upstream_listing or "")
    assert [change.listing for change in show(town.stores.control, r1.id, town.now).changes or ()] == [
        "home-r1"
    ] * 3
    decide(town.stores.control, r1, Decision.RELEASE, "a test", town.now)
    account.answer(emptied)
    assert account.busy() == {"home-r0": 6, "home-r1": 0, "home-r2": 6}
    account.answer(emptied, minutes=24 * 60)
    assert account.busy() == {"home-r0": 0, "home-r1": 0, "home-r2": 6}
    assert [(held.id, held.ending) for held in quarantines(town.stores.control, resolved=True)] == [
        (r1.id, "released"),
        (r0.id, "confirmed"),
    ]


def test_a_loss_spread_over_many_listings_holds_the_whole_account(town: Town) -> None:
    told = rooms(8, 3)
    account = Account(town, told)
    account.answer(told)
    lost = without(told, "r0-0", "r3-1", "r5-2") | {"r7": told["r7"] | {"new": ("2027-01-01", 5)}}
    assert account.answer(lost)["verdict"] == "quarantined"
    account.answer(lost, minutes=45)
    assert sum(account.busy().values()) == 8 * 6 + 5
    (held,) = quarantines(town.stores.control)
    assert (held.upstream_listing, held.doubts) == (
        None,
        ("many listings of the account have lost bookings at once",),
    )
    assert town.stores.control.states()["hotel"].last_ok != town.now
    account.answer(lost, minutes=24 * 60)
    assert sum(account.busy().values()) == 8 * 6 + 5 - 6


def test_two_listings_that_lose_a_guest_each_are_no_sign(town: Town) -> None:
    told = rooms(4, 5)
    account = Account(town, told)
    account.answer(told)
    assert account.answer(without(told, "r0-0", "r3-1"))["verdict"] == "accepted"


def test_guests_who_change_rooms_are_not_lost(town: Town) -> None:
    told = rooms(2, 3)
    account = Account(town, told)
    account.answer(told)
    assert account.answer({"r0": {}, "r1": told["r1"] | told["r0"]})["verdict"] == "accepted"


def test_answers_about_other_things_neither_end_nor_confirm_a_quarantine(town: Town) -> None:
    told = rooms(3, 3)
    gone = ["r0-0", "r0-1"]
    account = Account(town, told)
    account.answer(told)
    account.answer({}, absent=gone)
    account.answer({"r1": {"new": ("2027-01-01", 5)}}, absent=[], minutes=25 * 60)
    assert account.busy() == {"home-r0": 6, "home-r1": 11, "home-r2": 6}
    (held,) = quarantines(town.stores.control)
    assert (held.upstream_listing, held.ending, len(held.lost)) == ("r0", None, 2)
    assert [
        change.first_night.isoformat() for change in show(town.stores.control, 1, town.now).changes or ()
    ] == [
        "2026-12-01",
        "2026-12-05",
    ]
    account.answer({}, absent=gone)
    assert account.busy() == {"home-r0": 2, "home-r1": 11, "home-r2": 6}


def test_what_a_partial_answer_tells_again_ends_the_quarantine(town: Town) -> None:
    told = rooms(2, 3)
    account = Account(town, told)
    account.answer(told)
    account.answer({}, absent=["r0-0", "r0-1"])
    account.answer({"r0": told["r0"]}, absent=[])
    assert [held.ending for held in quarantines(town.stores.control, resolved=True)] == ["restored"]
    assert account.busy() == {"home-r0": 6, "home-r1": 6}


def test_a_release_lets_go_of_what_a_partial_answer_named(town: Town) -> None:
    told = rooms(2, 3)
    account = Account(town, told)
    account.answer(told)
    account.answer({}, absent=["r0-0", "r0-1"])
    (held,) = quarantines(town.stores.control)
    account.answer({"r1": told["r1"]}, absent=[])
    decide(town.stores.control, held, Decision.RELEASE, "a test", town.now)
    account.answer({"r1": told["r1"]}, absent=[])
    assert account.busy() == {"home-r0": 2, "home-r1": 6}
