"""A history of calendars in a folder: what several feeds answered over months, without the bodies.

Belongs here: reading `fetches.csv.gz` (feed, fetched_at, state, content_seq; a row an answer) and
`contents.jsonl.gz` (feed, content_seq, state, events; a line for each content that differs from the one
before it). Does not: what a policy makes of the answers (`operations.trying.backtest`).
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ValidationError

from rentalsync_pipeline.calendars.retold import Retold, read_retold
from rentalsync_pipeline.core.model import Reading
from rentalsync_pipeline.operations.trying.answers import Answer, Feed, answers

FETCHES, CONTENTS = "fetches.csv.gz", "contents.jsonl.gz"
_GOOD = "ok"
"""The state of a complete answer; any other is that of a failed one."""


class HistoryError(Exception):
    """A history that can't be read: in which file and line, and what to do. Quotes no guest."""


class _Fetch(BaseModel):
    """A row of `fetches.csv.gz`."""

    feed: str
    fetched_at: AwareDatetime
    state: str
    content_seq: str


class _Event(BaseModel):
    uid: str
    summary: str
    start: date
    end: date


class _Content(BaseModel):
    """A line of `contents.jsonl.gz`."""

    feed: str
    content_seq: int
    state: str
    events: list[_Event]


_Key = tuple[str, str]
_Contents = Mapping[_Key, tuple[Retold, ...] | None]
_Model = TypeVar("_Model", bound=BaseModel)


def read_history(folder: Path, zone: ZoneInfo) -> list[Feed]:
    """The feeds of a history; `zone` is that of the listings. Raises `HistoryError`."""
    contents = _contents(folder / CONTENTS)
    feeds: defaultdict[str, list[_Fetch]] = defaultdict(list)
    for fetch in _fetches(folder / FETCHES, contents):
        feeds[fetch.feed].append(fetch)
    return [Feed(name, partial(_answers, name, fetches, contents, zone)) for name, fetches in feeds.items()]


def _answers(feed: str, fetches: Iterable[_Fetch], contents: _Contents, zone: ZoneInfo) -> list[Answer]:
    def read(content: str, today: date) -> Reading | None:
        events = contents[feed, content]
        return None if events is None else read_retold(events, today)

    ordered = sorted(fetches, key=lambda fetch: fetch.fetched_at)
    asked = ((each.fetched_at, each.content_seq if each.state == _GOOD else None) for each in ordered)
    return answers(asked, lambda moment: moment.astimezone(zone).date(), read)


def _contents(path: Path) -> _Contents:
    found: dict[_Key, tuple[Retold, ...] | None] = {}
    for number, line in _lines(path):
        content = _checked(_Content, line, path, number)
        events = (Retold(event.uid, event.summary, event.start, event.end) for event in content.events)
        found[content.feed, str(content.content_seq)] = tuple(events) if content.state == _GOOD else None
    return found


def _fetches(path: Path, contents: _Contents) -> Iterator[_Fetch]:
    rows = csv.DictReader(line for _, line in _lines(path))
    for row in rows:
        fetch = _checked(_Fetch, row, path, rows.line_num)
        if fetch.state == _GOOD and (fetch.feed, fetch.content_seq) not in contents:
            raise _wrong(path, rows.line_num, f"{CONTENTS} has no content {fetch.content_seq}")
        yield fetch


def _checked(model: type[_Model], found: str | dict[str, Any], path: Path, line: int) -> _Model:
    try:
        if isinstance(found, str):
            return model.model_validate_json(found)
        return model.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise _wrong(path, line, f"{where}: {first['msg']}".removeprefix(": ")) from None


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            yield from enumerate(lines, start=1)
    except FileNotFoundError:
        raise HistoryError(f"{path}: there is no such file; name the folder that holds it") from None
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        raise HistoryError(f"{path}: is no gzipped UTF-8 text, or not whole; compress it anew") from None


def _wrong(path: Path, line: int, message: str) -> HistoryError:
    return HistoryError(f"{path}:{line}: {message}; correct the line or leave it out")
