"""What goes wrong at a channel, to switch on: `simulator.faults.add("server_error", times=5, on="page=2")`.

`on` is a part of the request's address; a fault applies to the next `times` requests that have it, or, with
`times=None`, until `clear`. `value` says more where the table says so. What belongs to one vendor alone, as
tokens and scopes do, is a verb of its simulator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from rentalsync_pipeline_tests.simulators.messages import Asked, Page, Record, Reply

METADATA = "http://169.254.169.254/latest/meta-data/"
"""Where a cloud tells a machine its secrets: no server may send a client there."""


def _server_error(value: Any) -> Reply:
    return Reply.of(b"<html><h1>Internal Server Error</h1></html>", "text/html", value or 500)


def _too_many(value: Any) -> Reply:
    after = format_datetime(value, usegmt=True) if isinstance(value, datetime) else value or 1
    return Reply.json({"message": "Too Many Requests"}, 429, Retry_After=str(after))


def _redirect(value: Any) -> Reply:
    return Reply(status=302).with_headers({"Location": value or METADATA})


def _given(value: Any) -> Reply:
    assert isinstance(value, Reply)
    return value


INSTEAD: Mapping[str, Callable[[Any], Reply]] = {
    "server_error": _server_error,  # value: another status
    "too_many": _too_many,  # value: seconds, or the moment, after which to ask again
    "redirect": _redirect,  # value: where to
    "answer": _given,  # value: a Reply, such as the vendor's 200 that says `success: false`
}
"""What is answered in place of an answer."""

SPOILT: Mapping[str, Callable[[Reply, Any], Reply]] = {
    "torn": lambda reply, value: replace(reply, cut=len(reply.body) // 2),  # the connection ends too early
    "short": lambda reply, value: replace(
        reply, body=reply.body[: len(reply.body) // 2]
    ),  # half, as if whole
    "dripping": lambda reply, value: replace(reply, pause=value or 0.05),  # value: seconds for a byte
}
"""What becomes of a good answer on its way."""


def _poisoned(record: Any) -> Any:
    """The record with every date in it made impossible."""
    if isinstance(record, dict):
        return {name: _poisoned(each) for name, each in record.items()}
    if isinstance(record, list):
        return [_poisoned(each) for each in record]
    return re.sub(r"\d{4}-\d\d-\d\d", "0000-00-00", record) if isinstance(record, str) else record


def _poison(page: Page, value: Any) -> Page:
    return replace(page, rows=[_poisoned(page.rows[0]), *page.rows[1:]]) if page.rows else page


def _doubled(page: Page, value: Any) -> Page:
    start = max(page.first - 1, 0)
    return replace(page, rows=page.everything[start : start + page.size])


def _reordered(page: Page, value: Any) -> Page:
    turned = list(reversed(page.everything))
    return replace(page, rows=turned[page.first : page.first + page.size])


PAGES: Mapping[str, Callable[[Page, Any], Page]] = {
    "empty_page": lambda page, value: replace(page, rows=()),
    "wrong_total": lambda page, value: replace(
        page, total=page.total + (value or 1)
    ),  # value: how many too many
    "poison": _poison,  # the first record of the page has dates that there are not
    "doubled": _doubled,  # a sale between two pages: the last record of the page before comes again
    "reordered": _reordered,  # this page is one of another order
}
"""What a page of records looks like that doesn't hold what it should."""


@dataclass
class _Fault:
    name: str
    on: str
    times: int | None
    value: Any


class Faults:
    """The faults of one simulator, in the order in which they were added."""

    def __init__(self) -> None:
        self._faults: list[_Fault] = []

    def add(self, name: str, *, on: str = "", times: int | None = 1, value: Any = None) -> None:
        if not any(name in table for table in (INSTEAD, SPOILT, PAGES)):
            raise ValueError(f"there is no fault {name}")
        self._faults.append(_Fault(name, on, times, value))

    def clear(self) -> None:
        self._faults.clear()

    def instead(self, asked: Asked) -> Reply | None:
        """The answer in place of the answer; `None` where that is not spoilt."""
        fault = self._next(asked, INSTEAD)
        return INSTEAD[fault.name](fault.value) if fault else None

    def spoilt(self, asked: Asked, reply: Reply) -> Reply:
        fault = self._next(asked, SPOILT)
        return SPOILT[fault.name](reply, fault.value) if fault else reply

    def page(self, asked: Asked, records: list[Record], first: int, size: int) -> Page:
        """The records from `first` on, as a vendor pages them."""
        page = Page.of(records, first, size)
        fault = self._next(asked, PAGES)
        return PAGES[fault.name](page, fault.value) if fault else page

    def _next(self, asked: Asked, table: Mapping[str, object]) -> _Fault | None:
        """The first fault of a table that this request is to have; it has then happened once more."""
        for fault in self._faults:
            if fault.name in table and fault.on in asked.target and fault.times != 0:
                fault.times = fault.times - 1 if fault.times else None
                return fault
        return None
