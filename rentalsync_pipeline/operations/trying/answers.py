"""What connections answered over time: the material of a backtest.

Belongs here: the values, and reading each content but once a day. Does not: where histories come from
(`history_files`, `archive`), what a policy makes of them (`backtest`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from rentalsync_pipeline.core.gate import judge
from rentalsync_pipeline.core.model import Reading


@dataclass(frozen=True, slots=True)
class Answer:
    """What one connection answered; `reading` is `None` where it failed.

    The same content on the same day is the same `Reading`.
    """

    asked: datetime
    today: date
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A connection's history; `answers` reads them, in order of time."""

    name: str
    answers: Callable[[], list[Answer]]


def answers(
    asked: Iterable[tuple[datetime, str | None]],
    day: Callable[[datetime], date],
    read: Callable[[str, date], Reading | None],
) -> list[Answer]:
    """Read what was answered at each moment; no content is a failed answer, and so is one that says nothing.

    `day` is the local day of the listing at a moment; `read` knows what stands behind the name of a content.
    """

    @cache
    def judged(content: str, today: date) -> Reading | None:
        reading = read(content, today)
        return None if reading is None or judge(reading) else reading

    days = ((moment, day(moment), content) for moment, content in asked)
    return [
        Answer(moment, today, judged(content, today) if content else None) for moment, today, content in days
    ]
