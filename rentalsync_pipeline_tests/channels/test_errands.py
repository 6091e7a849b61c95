"""What one fetch of an account asks, in which order, and what it makes of the answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from rentalsync_pipeline.channels.account import AccountChannel
from rentalsync_pipeline.channels.base import AccountQuery, Answer, Known, Query, Validators
from rentalsync_pipeline.channels.units import Unit
from rentalsync_pipeline.channels.verbs import Changes, Sweep
from rentalsync_pipeline.channels.windows import Window
from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.channels.wire.session import Api, Record, Session
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.core.portfolio import Connection
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.verdict import Reason
from rentalsync_pipeline_tests.channels.accounts import KEY, keys
from rentalsync_pipeline_tests.channels.loopback import NOW, client, http, raw_server

pytestmark = pytest.mark.anyio


@dataclass
class Vendor:
    """A channel whose verbs answer from memory, and remember what they were asked."""

    records: list[Record] = field(default_factory=list)
    changed: list[Record] = field(default_factory=list)
    units: list[str] = field(default_factory=lambda: ["house/room"])
    faults: dict[str, list[Reason]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if left := self.faults.get(what):
            raise FetchError(left.pop(0))

    async def listings(self, _session: Session) -> list[Unit]:
        self._ask("listings")
        return [Unit(unit, unit) for unit in self.units]

    async def changes(self, _session: Session, cursor: str | None) -> Changes:
        self._ask(f"changes since {cursor}")
        return Changes(self.changed, "now", tuple(record["id"] for record in self.changed))

    async def window(self, _session: Session, window: Window) -> Sequence[Record]:
        self._ask(window.name)
        return [record for record in self.records if date.fromisoformat(record["out"]) in window]

    async def booking(self, _session: Session, known: str) -> Record | None:
        self._ask(known)
        return next((record for record in self.records if record["id"] == known), None)

    async def acknowledge(self, _session: Session, receipts: Sequence[str]) -> None:
        self._ask(f"acknowledged {', '.join(receipts)}")

    @property
    def channel(self) -> AccountChannel:
        return AccountChannel(
            name="vendor",
            title="Vendor",
            color="peru",
            description="",
            export="",
            api=Api("https://api.vendor.example", frozenset({"api.vendor.example"}), (KEY,)),
            id_of=lambda record: str(record["id"]),
            bookings_of=lambda record, context: [],
            listings=self.listings,
            booking=self.booking,
            changes=self.changes,
            sweep=Sweep(self.window, months=12),
            acknowledge=self.acknowledge,
        )


def known(number: str, check_out: str = "2026-12-07", **fields: Any) -> Known:
    end = date.fromisoformat(check_out)
    told: dict[str, Any] = {"unit": "house/room", "kind": Kind.RESERVATION, "is_missing": False} | fields
    return Known(number, check_in=end - timedelta(days=3), check_out=end, **told)


async def fetch(
    channel: AccountChannel, folder: Path, *stands: Known, cursor: str | None = None, **connection: Any
) -> list[Answer]:
    account = AccountQuery(keys(folder), known=stands, today=NOW.date())
    asked = Connection("hotel", "vendor", "0" * 16, "vendor", **connection)
    query = Query(
        asked, Secret("https://api.vendor.example"), NOW, Validators(cursor=cursor), account=account
    )
    async with client() as transport:
        return [answer async for answer in channel.fetch(query, transport)]


def told(answer: Answer) -> dict[str, Any]:
    assert answer.body is not None
    document: dict[str, Any] = json.loads(answer.body)
    return document


async def test_changes_come_before_windows_and_what_brings_nothing_is_no_answer(tmp_path: Path) -> None:
    vendor = Vendor(records=[{"id": "1", "out": "2026-12-07"}])
    answers = await fetch(vendor.channel, tmp_path)

    assert vendor.asked == ["changes since None", "2026-01-01", "2027-01-01", "2028-01-01"]
    assert [answer.windows for answer in answers] == [("2026-01-01",), ("2027-01-01", "2028-01-01")]
    assert [answer.not_modified for answer in answers] == [False, True]
    assert all(answer.partial for answer in answers)
    assert list(told(answers[0])["records"]) == ["1"]


async def test_receipts_are_acknowledged_by_the_fetch_after_and_only_where_that_is_wanted(
    tmp_path: Path,
) -> None:
    vendor = Vendor(changed=[{"id": "7"}])
    first, *_ = await fetch(vendor.channel, tmp_path, acknowledge=True)
    assert not any(asked.startswith("acknowledged") for asked in vendor.asked)

    vendor.asked.clear()
    await fetch(vendor.channel, tmp_path, cursor=first.validators.cursor)
    assert vendor.asked[0] == "changes since now"

    vendor.asked.clear()
    await fetch(vendor.channel, tmp_path, cursor=first.validators.cursor, acknowledge=True)
    assert vendor.asked[:2] == ["acknowledged 7", "changes since now"]


async def test_what_a_window_lacks_is_asked_for_by_its_id(tmp_path: Path) -> None:
    """Record 1 has left the window, 2 is gone; of 3 the house is gone; 4 lies in another window."""
    vendor = Vendor(records=[{"id": "1", "out": "2031-01-01"}])
    others = known("3", unit="lost/room"), known("4", "2030-06-01")
    answers = await fetch(vendor.channel, tmp_path, known("1"), known("2"), *others)

    document = told(answers[0])
    assert list(document["records"]) == ["1"]
    assert document["absent"] == ["2"]
    assert document["unanswered"] == {"3": "its listing does not answer any more"}
    assert vendor.asked.count("listings") == 1
    assert "4" not in vendor.asked


async def test_what_is_missing_is_asked_for_by_every_fetch(tmp_path: Path) -> None:
    vendor = Vendor()
    channel = replace(vendor.channel, sweep=None)
    answers = await fetch(channel, tmp_path, known("1", is_missing=True), known("2"))

    assert vendor.asked == ["changes since None", "1", "listings"]
    assert told(answers[-1])["absent"] == ["1"]


async def test_without_a_question_by_id_nothing_is_concluded(tmp_path: Path) -> None:
    vendor = Vendor()
    answers = await fetch(replace(vendor.channel, booking=None), tmp_path, known("1", is_missing=True))

    assert all(answer.not_modified for answer in answers)


async def test_an_errand_that_fails_is_asked_once_more_and_stops_no_other(tmp_path: Path) -> None:
    vendor = Vendor(faults={"2026-01-01": [Reason.INCOMPLETE], "2027-01-01": [Reason.INCOMPLETE] * 2})
    answers = await fetch(vendor.channel, tmp_path)

    assert vendor.asked.count("2026-01-01") == vendor.asked.count("2027-01-01") == 2
    assert [answer.windows for answer in answers] == [("2026-01-01", "2028-01-01"), ("2027-01-01",)]
    assert answers[-1].failure is not None
    assert answers[-1].failure.reason is Reason.INCOMPLETE


@pytest.mark.parametrize("fault", [Reason.UNAUTHORISED, Reason.RATE_LIMITED, Reason.UNREACHABLE])
async def test_after_a_fault_of_the_whole_account_nothing_more_is_asked(
    tmp_path: Path, fault: Reason
) -> None:
    vendor = Vendor(faults={"2026-01-01": [fault]})
    answers = await fetch(vendor.channel, tmp_path)

    assert vendor.asked == ["changes since None", "2026-01-01"]
    assert [answer.failure is None for answer in answers] == [True, False]


async def test_a_body_that_drips_ends_at_the_deadline(tmp_path: Path) -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http(b"").replace(b"Content-Length: 0", b"Content-Length: 900"))
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with raw_server(drip) as port:

        async def changes(session: Session, _cursor: str | None) -> Changes:
            return Changes([await session.get(f"http://127.0.0.1:{port}/a")])

        api = Api(f"http://127.0.0.1:{port}", frozenset({f"127.0.0.1:{port}"}), (KEY,))
        channel = replace(Vendor().channel, api=api, changes=changes, sweep=None, deadline=0.2)
        (answer,) = await fetch(channel, tmp_path)

    assert answer.failure is not None
    assert answer.failure.detail == "no whole answer in 0.2 s"


async def test_cards_and_papers_are_dropped_before_anything_is_kept(tmp_path: Path) -> None:
    record = {
        "id": "1",
        "cardsOnFile": [{"cardNumber": "canary-1"}],
        "guest": {"name": "Ivy", "guestDocumentNumber": "canary-2", "credit_card": {"cvv": "canary-3"}},
        "rates": "canary-4",
    }
    vendor = Vendor(changed=[record])
    answer, *_ = await fetch(replace(vendor.channel, drop=frozenset({"rates"})), tmp_path)

    assert told(answer)["records"] == {"1": {"id": "1", "guest": {"name": "Ivy"}}}
    assert answer.body is not None
    assert b"canary" not in answer.body


async def test_the_same_records_are_the_same_answer_in_whatever_order(tmp_path: Path) -> None:
    one, other = {"id": "1", "b": 1, "a": 2}, {"id": "2"}
    first, *_ = await fetch(Vendor(changed=[one, other]).channel, tmp_path)
    second, *_ = await fetch(Vendor(changed=[other, dict(reversed(one.items()))]).channel, tmp_path)

    assert first.content == second.content
