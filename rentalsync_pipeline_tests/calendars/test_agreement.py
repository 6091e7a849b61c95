"""Whatever icalendar writes, we read as icalendar reads it: events, nights and texts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.calendars.completeness import failure
from rentalsync_pipeline.calendars.events import events
from rentalsync_pipeline.calendars.lines import unfold
from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline_tests.calendars.by_icalendar import HOME, TEXTS, events_of, nights_of, texts_of

days = st.dates(date(2025, 1, 1), date(2028, 1, 1))
lengths = st.integers(0, 40).map(lambda number: timedelta(days=number))
zones = st.sampled_from([None, UTC, HOME, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland")])
letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff")
texts = st.text(st.one_of(letters, st.sampled_from("\n,;\\: -")), max_size=120)


@st.composite
def written(draw: st.DrawFn) -> icalendar.Event:
    """An event as icalendar writes it: all day or timed, with an end, a duration or neither."""
    event = icalendar.Event()
    event.add("uid", draw(st.uuids()).hex)
    event.add("summary", draw(texts))
    event.add("description", draw(texts))
    start: date = draw(days)
    if draw(st.booleans()):
        start = datetime.combine(start, draw(st.times()).replace(microsecond=0), draw(zones))
    event.add("dtstart", start)
    length = draw(lengths)
    ending = draw(st.sampled_from(["dtend", "duration", "none"]))
    if ending == "dtend":
        event.add("dtend", start + length)
    elif ending == "duration" and length:
        event.add("duration", length)
    return event


@given(st.lists(written(), max_size=6))
def test_what_icalendar_writes_is_read_as_icalendar_reads_it(made: list[icalendar.Event]) -> None:
    calendar = icalendar.Calendar()
    for event in made:
        calendar.add_component(event)
    body = calendar.to_ical()
    theirs = events_of(body)

    reading = read_calendar(body, timezone=HOME.key, today=date(2026, 7, 7))

    assert failure(body) is None
    assert (reading.events, reading.rejected) == (len(made), ())
    texts_of_ours = [[event.text(name) for name in TEXTS] for event in events(unfold(body))]
    assert texts_of_ours == list(map(texts_of, theirs))
    found = {(b.uid, b.check_in, b.check_out) for b in reading.bookings}
    assert found == {(event.uid, *(nights_of(event) or ())) for event in theirs}
