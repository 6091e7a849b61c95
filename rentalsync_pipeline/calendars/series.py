"""Events that repeat, to the nights of each of their instances within reach.

Belongs here: RRULE, RDATE and EXDATE of an event, and the window in which they are followed. Does not:
instances that another event replaces (`reading`), the days of a rule (`recurrence`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain

from rentalsync_pipeline.calendars.events import MAX_REPEATED, RawEvent
from rentalsync_pipeline.calendars.nights import Clock, Nights
from rentalsync_pipeline.calendars.recurrence import Budget, rule_days
from rentalsync_pipeline.calendars.rules import parse_rule
from rentalsync_pipeline.calendars.values import Moment, UnreadableError, as_date, duration

PAST = timedelta(days=40)
AHEAD = timedelta(days=800)
"""How far from the day of reading an event is followed; what an OTA sells ends after 18 months."""
MAX_INSTANCES = 1_000
_COST_OF_INSTANCE = 20
_DAY = timedelta(days=1)


def repeats(event: RawEvent) -> bool:
    """Whether an event stands for several."""
    return bool(event.repeated) and any(name != "EXDATE" for name, _ in event.repeated)


class Series:
    """Follows the repeating events of one calendar, which share one budget."""

    def __init__(self, clock: Clock, today: date, budget: Budget) -> None:
        self._clock = clock
        self._first, self._last = today - PAST, today + AHEAD
        self._budget = budget

    def instances(self, event: RawEvent) -> dict[date, Nights]:
        """The nights of each instance within reach, by the local date on which it was to begin."""
        clock = self._clock
        if len(event.repeated) >= MAX_REPEATED:
            raise UnreadableError("it repeats by too many lines")
        start, end = clock.bounds(event.properties)
        excluded = {clock.day(said) for said, _ in self._listed(event, "EXDATE")}
        length = self._length(start, end)
        found: dict[date, Nights] = {}
        for begins, ends in self._spans(event, start, length):
            day, nights = clock.day(begins), clock.between(begins, ends)
            if nights[0] <= self._last and nights[1] > self._first and day not in excluded:
                found[day] = nights
            self._budget.spend(_COST_OF_INSTANCE)
            if len(found) > MAX_INSTANCES:
                raise UnreadableError(f"repeats more than {MAX_INSTANCES} times within reach")
        return found

    def _length(self, start: Moment, end: Moment | None) -> timedelta | None:
        if end is None:
            return None
        if isinstance(start, datetime) == isinstance(end, datetime):
            return end - start
        return self._clock.day(end) - self._clock.day(start)

    def _spans(
        self, event: RawEvent, start: Moment, length: timedelta | None
    ) -> Iterator[tuple[Moment, Moment | None]]:
        """When each instance begins and ends; DTSTART is one, whether or not the rule says so."""
        begins = chain([start], self._by_rule(event, start, length or _DAY))
        yield from ((each, _after(each, length)) for each in begins)
        for each, ends in self._listed(event, "RDATE"):
            yield each, ends or _after(each, length)

    def _by_rule(self, event: RawEvent, start: Moment, length: timedelta) -> Iterator[Moment]:
        reach = max(self._first.toordinal() - length.days - 2, 1)
        window = date.fromordinal(reach), self._last + _DAY
        for rule in [parse_rule(value) for name, (_, value) in event.repeated if name == "RRULE"]:
            for day in rule_days(rule, as_date(start), window, self._budget):
                begins = datetime.combine(day, start.timetz()) if isinstance(start, datetime) else day
                if rule.until and _later(begins, rule.until):
                    break
                yield begins

    def _listed(self, event: RawEvent, name: str) -> Iterator[tuple[Moment, Moment | None]]:
        """The moments of all lines of a name, with their ends where they are periods."""
        for found, (head, values) in event.repeated:
            if found == name:
                for value in filter(bytes.strip, values.split(b",")):
                    self._budget.spend(1)
                    yield self._period(name, head, value)

    def _period(self, name: str, head: bytes, value: bytes) -> tuple[Moment, Moment | None]:
        begins, _, ends = value.partition(b"/")
        start = self._clock.moment(name, (head, begins))
        if not ends:
            return start, None
        if ends.lstrip()[:1] in b"Pp":
            return start, start + duration(ends)
        return start, self._clock.moment(name, (head, ends))


def _after(begins: Moment, length: timedelta | None) -> Moment | None:
    return None if length is None else begins + length


def _later(begins: Moment, until: Moment) -> bool:
    """Whether an instance lies after the UNTIL of its rule; both as precise as the less precise one."""
    if not isinstance(begins, datetime) or not isinstance(until, datetime):
        return as_date(begins) > as_date(until)
    return begins.replace(tzinfo=until.tzinfo and begins.tzinfo) > until
