"""Whatever form RFC 5545 allows for an event, it is read as what it says; icalendar says the same.

Each event is first made up and then written in odd ways, so that the truth is known whoever reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.calendars.completeness import failure
from rentalsync_pipeline.calendars.events import events
from rentalsync_pipeline.calendars.lines import unfold
from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline_tests.calendars.by_icalendar import HOME, TEXTS, events_of, nights_of, texts_of

ZONES = ("Europe/Rome", "America/New_York", "Pacific/Auckland")
ENDS = ("\r\n", "\n")
PARAMETERS = (
    "",
    ";X-A=1",
    ";x-list=a,b,c",
    ';X-A="a:b;c,d"',
    ';ALTREP="cid:part1@example.org:80";LANGUAGE=de',
    ';X-A="";X-B=c',
    ';X-A="TZID=Asia/Tokyo:1"',
)
INSIDE = (
    ("BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT1H\nSUMMARY:of the alarm\nDESCRIPTION:of the alarm\nUID:al\n"
    "DURATION:PT15M\nREPEAT:2\nEND:VALARM"),
    "begin:valarm\naction:audio\ntrigger;related=end:PT0S\nend:valarm",
    'CLASS:PRIVATE\nCATEGORIES:a,b\\,c,d\nGEO:41.9;12.5\nATTENDEE;CN="Doe: J;r, x":mailto:a@example.org',
    "X-SUMMARY:not this\nX-DTSTART:19990101\nCOMMENT:DTSTART:19990101\nRESOURCES:SUMMARY:x",
    "CREATED:20200101T000000Z\nLAST-MODIFIED:20200101T000000Z\nPRIORITY:5\nTRANSP:OPAQUE\nSTATUS:CONFIRMED",
    "BEGIN:X-OWN\nDTSTART:19990101\nBEGIN:X-INNER\nSUMMARY:y\nEND:X-INNER\nUID:z\nEND:X-OWN",
)  # fmt: skip
BESIDE = (
    (
        "BEGIN:VTODO\nUID:todo\nDTSTART:20260101\nDUE:20260102\nSUMMARY:a task\n"
        "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:PT0S\nEND:VALARM\nEND:VTODO"
    ),
    "BEGIN:VJOURNAL\nUID:journal\nDTSTART;VALUE=DATE:20260101\nSUMMARY:a note\nEND:VJOURNAL",
    (
        "BEGIN:VFREEBUSY\nUID:busy\nDTSTART:20260101T000000Z\nDTEND:20260201T000000Z\n"
        "FREEBUSY;FBTYPE=BUSY:20260105T000000Z/P1D\nEND:VFREEBUSY"
    ),
    "X-WR-CALDESC:BEGIN of a description",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What an event says, and its lines, which say it."""

    uid: str
    summary: str
    description: str
    nights: tuple[date, date]
    lines: list[str]


letters = st.one_of(st.characters(categories=("L", "Nd", "So", "P")), st.sampled_from(' ,;:\\\n"'))
texts = st.text(letters, max_size=90)
parameters = st.sampled_from(PARAMETERS)
days = st.dates(date(2025, 1, 1), date(2028, 1, 1))


@st.composite
def told(draw: st.DrawFn, uid: str) -> Told:
    """An event in any of the forms that its properties may have."""
    summary, description = draw(texts).strip(), draw(texts).strip()
    nights, dates = draw(st.one_of(all_day(), timed()))
    lines = [
        *dates,
        f"UID{draw(parameters)}:{uid}",
        f"SUMMARY{draw(parameters)}:{_escaped(summary, draw(st.sampled_from('nN')))}",
        f"DESCRIPTION{draw(parameters)}:{_escaped(description, 'n')}",
        *draw(st.lists(st.sampled_from(INSIDE), max_size=3, unique=True)),
    ]
    return Told(uid, summary, description, nights, draw(st.permutations(lines)))


def _escaped(text: str, newline: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", f"\\{newline}")


@st.composite
def all_day(draw: st.DrawFn) -> tuple[tuple[date, date], list[str]]:
    """Dates, the end of which may be a date, a duration, or left to the reader."""
    start = draw(days)
    weeks = draw(st.integers(1, 5))
    end, line = draw(
        st.sampled_from(
            [
                (start + timedelta(days=1), ""),
                (start + timedelta(weeks=weeks), f"DTEND;VALUE=DATE:{start + timedelta(weeks=weeks):%Y%m%d}"),
                (start + timedelta(weeks=weeks), f"DURATION:P{weeks}W"),
                (start + timedelta(days=weeks), f"DURATION;X-A=1:+P{weeks}D"),
            ]
        )
    )
    return (start, end), [f"DTSTART;VALUE=DATE{draw(parameters)}:{start:%Y%m%d}", *filter(None, [line])]


@st.composite
def timed(draw: st.DrawFn) -> tuple[tuple[date, date], list[str]]:
    """Times in a zone or in UTC, whose dates are those of a listing in Rome."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    start = datetime.combine(draw(days), draw(st.times()).replace(microsecond=0), zone)
    ahead = timedelta(days=draw(st.integers(1, 20)), hours=draw(st.integers(0, 23)))
    end = start + ahead
    form = draw(st.sampled_from(["utc", "zone", "quoted", "explicit"]))
    nights = _at_home(start), max(_at_home(end), _at_home(start) + timedelta(days=1))
    return nights, [f"{name}{_moment(said, form)}" for name, said in (("DTSTART", start), ("DTEND", end))]


def _at_home(said: datetime) -> date:
    return said.astimezone(HOME).date()


def _moment(said: datetime, form: str) -> str:
    if form == "utc":
        return f":{said.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%SZ}"
    quote = '"' if form == "quoted" else ""
    value = ";VALUE=DATE-TIME" if form == "explicit" else ""
    return f"{value};TZID={quote}{said.tzinfo}{quote}:{said:%Y%m%dT%H%M%S}"


@st.composite
def calendars(draw: st.DrawFn) -> tuple[bytes, list[Told]]:
    """One calendar or several, as bytes."""
    said = [draw(told(f"uid-{number}")) for number in range(draw(st.integers(1, 4)))]
    parts = [f"BEGIN:VEVENT\n{chr(10).join(event.lines)}\nEND:VEVENT" for event in said]
    beside = draw(st.lists(st.sampled_from(BESIDE), max_size=3))
    cut = draw(st.integers(0, len(parts)))
    bodies = [parts[:cut] + beside, parts[cut:]] if draw(st.booleans()) else [[*beside, *parts]]
    whole = "\n".join(
        "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", *body, "END:VCALENDAR"])
        for body in bodies
    )
    lines = whole.split("\n")
    if draw(st.booleans()):
        lines = list(map(_in_lower_case, lines))
    width, blank, end = draw(st.integers(20, 75)), draw(st.sampled_from("\t ")), draw(st.sampled_from(ENDS))
    return end.join([*(_folded(line, width, f"{end}{blank}") for line in lines), ""]).encode(), said


def _folded(line: str, width: int, between: str) -> str:
    return between.join(line[start : start + width] for start in range(0, len(line), width))


def _in_lower_case(line: str) -> str:
    """The name of a property, or a whole line of structure."""
    name, _, rest = line.partition(":")
    if name in ("BEGIN", "END"):
        return line.lower()
    name, semicolon, parameters = name.partition(";")
    return f"{name.lower()}{semicolon}{parameters}:{rest}"


@given(calendars())
def test_an_odd_form_says_what_a_plain_one_says(written: tuple[bytes, list[Told]]) -> None:
    body, said = written
    ours = list(events(unfold(body)))
    reading = read_calendar(body, timezone=HOME.key, today=date(2026, 7, 7))

    by_uid = {event.uid: event for event in said}
    texts = [[event.text(name) for name in TEXTS] for event in ours]
    assert texts == [[event.uid, event.summary, event.description] for event in said]
    assert reading.rejected == ()
    assert {b.uid: (b.check_in, b.check_out) for b in reading.bookings} == {
        uid: event.nights for uid, event in by_uid.items()
    }


@given(calendars())
def test_icalendar_reads_the_same_in_an_odd_form(written: tuple[bytes, list[Told]]) -> None:
    body, said = written
    theirs = events_of(body)

    assert list(map(texts_of, theirs)) == [[each.uid, each.summary, each.description] for each in said]
    assert list(map(nights_of, theirs)) == [each.nights for each in said]


@given(calendars())
def test_only_several_calendars_are_no_whole_one(written: tuple[bytes, list[Told]]) -> None:
    body, _ = written
    fault = failure(body)

    assert (fault is None) == (body.upper().count(b"BEGIN:VCALENDAR") == 1)
