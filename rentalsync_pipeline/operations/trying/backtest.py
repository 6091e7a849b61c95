"""`backtest`: what policies would have published, answer by answer, and how well they would have done.

Belongs here: driving histories through policies, and summing up by channel. Does not: what becomes of an
answer (`rehearsal`), the score (`core.scoring`), where histories come from (`history_files`).
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from statistics import median
from typing import TextIO

from rentalsync_pipeline.core.model import Status
from rentalsync_pipeline.core.nightset import NightSet, ranges
from rentalsync_pipeline.core.portfolio import AbsencePolicy
from rentalsync_pipeline.core.scoring import Answered, Score, score
from rentalsync_pipeline.operations.progress import Progress, silent
from rentalsync_pipeline.operations.trying.answers import Answer, Feed
from rentalsync_pipeline.operations.trying.policies import Policy
from rentalsync_pipeline.operations.trying.rehearsal import Rehearsal
from rentalsync_pipeline.operations.trying.standing import nights_of

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a policy did on all feeds of one channel.

    The two mistakes are in night-hours. `alerts` counts the quarantines. `freed` counts the nights that
    truly became free; the delays are from there until they were published so.
    """

    policy: str
    channel: str
    feeds: int
    answers: int
    false_free: float
    false_block: float
    alerts: int
    freed: int
    median_delay_minutes: int
    worst_delay_minutes: int


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One feed under one policy: the nights published after each answer, and the quarantines on the way."""

    published: list[NightSet]
    quarantines: int


def backtest(
    feeds: Sequence[Feed],
    policies: Sequence[Policy],
    trace: TextIO | None = None,
    progress: Progress = silent,
) -> list[Outcome]:
    """Try every policy on every feed; `trace` is written what the last of the policies publishes."""
    runs: defaultdict[tuple[str, str], list[tuple[Rehearsed, Score]]] = defaultdict(list)
    rows = csv.writer(trace) if trace else None
    if rows:
        rows.writerow(("feed", "fetched_at", "nights"))
    for done, feed in enumerate(feeds, start=1):
        answers = feed.answers()
        told = list(_told(answers))
        for policy in policies:
            rehearsed = rehearse(answers, policy.absence)
            runs[policy.name, _channel(answers)].append((rehearsed, score(told, rehearsed.published)))
        if rows:
            rows.writerows(_traced(feed.name, answers, rehearsed.published))
        progress(done, len(feeds))
    order = [policy.name for policy in policies]
    return [_outcome(*key, runs[key]) for key in sorted(runs, key=lambda key: (key[1], order.index(key[0])))]


def rehearse(answers: Sequence[Answer], policy: AbsencePolicy) -> Rehearsed:
    """Let the answers of a feed count one after the other."""
    rehearsal = Rehearsal(policy)
    published: list[NightSet] = []
    today = None
    for answer in answers:
        if rehearsal.take(answer) or answer.today != today:
            today, shown = answer.today, rehearsal.nights(answer.today)
        published.append(shown)
    return Rehearsed(published, rehearsal.quarantines)


def _told(answers: Sequence[Answer]) -> Iterator[Answered]:
    readings = {id(answer.reading): answer.reading for answer in answers if answer.reading}
    nights = {
        key: nights_of(booking for booking in reading.bookings if booking.status is not Status.CANCELLED)
        for key, reading in readings.items()
    }
    return (Answered(answer.asked, answer.today, nights.get(id(answer.reading))) for answer in answers)


def _channel(answers: Sequence[Answer]) -> str:
    """The dialect in which most answers were written."""
    dialects = Counter(answer.reading.dialect for answer in answers if answer.reading)
    return dialects.most_common(1)[0][0] if dialects else "none"


def _traced(feed: str, answers: Sequence[Answer], published: Sequence[NightSet]) -> Iterator[tuple[str, ...]]:
    for answer, nights in zip(answers, published, strict=True):
        stretches = ";".join(f"{first}/{end}" for first, end in ranges(nights))
        yield feed, answer.asked.isoformat(), stretches


def _outcome(policy: str, channel: str, runs: Sequence[tuple[Rehearsed, Score]]) -> Outcome:
    delays = sorted(chain.from_iterable(score.delays for _, score in runs)) or [timedelta()]
    return Outcome(
        policy=policy,
        channel=channel,
        feeds=len(runs),
        answers=sum(len(rehearsed.published) for rehearsed, _ in runs),
        false_free=round(sum(score.false_free for _, score in runs), 1),
        false_block=round(sum(score.false_block for _, score in runs), 1),
        alerts=sum(rehearsed.quarantines for rehearsed, _ in runs),
        freed=sum(len(score.delays) for _, score in runs),
        median_delay_minutes=round(median(delay / _MINUTE for delay in delays)),
        worst_delay_minutes=round(delays[-1] / _MINUTE),
    )
