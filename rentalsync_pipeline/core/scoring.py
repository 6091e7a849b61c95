"""How well a policy would have done: what was published, held against what turned out to be true.

Belongs here: the truth in hindsight, and the score. Does not: what a policy publishes
(`operations.trying.backtest`). Both mistakes are counted in night-hours: one night published wrongly for one
hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise

from rentalsync_pipeline.core.nightset import NightSet, between, singly

GLITCH = timedelta(hours=6)
"""A night that is back after at most this long was never free: outages of 0.8 to 3.7 hours were measured."""
WINDOW = timedelta(days=180)
"""How far ahead nights count, from the local day of the answer."""

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of a connection; `nights` are those it showed as taken, `None` where it failed."""

    asked: datetime
    today: date
    nights: NightSet | None

    @property
    def window(self) -> NightSet:
        """The nights that count."""
        return between(self.today, self.today + WINDOW)


@dataclass(frozen=True, slots=True)
class Score:
    """The two mistakes, in night-hours, and how long each night that became free stayed published."""

    false_free: float
    false_block: float
    delays: tuple[timedelta, ...]


def truth(answers: Sequence[Answered]) -> list[NightSet]:
    """The nights that were taken after each answer, as the answers after it let us know.

    The last good answer holds until the next. What was absent from it for no longer than `GLITCH` was
    taken all the same.
    """
    told = list(accumulate((answer.nights for answer in answers), _last_good, initial=0))[1:]
    true = list(told)
    left: dict[NightSet, int] = {}
    for now, (before, after) in enumerate(pairwise(told), start=1):
        for night in singly(after & ~before):
            since = left.pop(night, None)
            if since is not None and answers[now].asked - answers[since].asked <= GLITCH:
                for meanwhile in range(since, now):
                    true[meanwhile] |= night
        left |= dict.fromkeys(singly(before & ~after), now)
    return true


def _last_good(last: NightSet, nights: NightSet | None) -> NightSet:
    return last if nights is None else nights


def score(answers: Sequence[Answered], published: Sequence[NightSet]) -> Score:
    """Hold what was published after each answer, until the next one, against the truth."""
    true = truth(answers)
    free = block = 0.0
    for (answer, following), taken, shown in zip(pairwise(answers), true, published, strict=False):
        if taken != shown:
            hours = (following.asked - answer.asked) / _HOUR
            free += hours * (taken & ~shown & answer.window).bit_count()
            block += hours * (shown & ~taken & answer.window).bit_count()
    return Score(free, block, tuple(_delays(answers, true, published)))


def _delays(
    answers: Sequence[Answered], true: Sequence[NightSet], published: Sequence[NightSet]
) -> Iterator[timedelta]:
    """From the answer without a night that was truly free to the one after which it was published so.

    Nights that are sold again, or over, before that are not counted.
    """
    lost: dict[NightSet, datetime] = {}
    for (before, taken), answer, shown in zip(pairwise(true), answers[1:], published[1:], strict=True):
        free = answer.window & ~taken
        lost |= dict.fromkeys(singly(before & free), answer.asked)
        for night in [night for night in lost if not night & free & shown]:
            since = lost.pop(night)
            if night & free:
                yield answer.asked - since
