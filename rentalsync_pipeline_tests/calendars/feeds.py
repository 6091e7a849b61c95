"""Random feeds, and the same calendar made by `icalendar`: what the writer is compared with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
from hypothesis import strategies as st
from icalendar.prop import vText, vUri

from rentalsync_pipeline.calendars.identity import PRODID
from rentalsync_pipeline.calendars.text import tidy, uri
from rentalsync_pipeline.calendars.vtimezone import vtimezone
from rentalsync_pipeline.calendars.writer import FeedEvent, FeedHeader
from rentalsync_pipeline.core.portfolio import Style

ROME = FeedHeader("Casa al Mare", "Europe/Rome", Style.ALL_DAY, time(15), time(11))
ROME_TIMED = FeedHeader("Casa al Mare", "Europe/Rome", Style.TIMED, time(15), time(11))
CHANGED = datetime(2026, 11, 19, 18, 45, tzinfo=UTC)

TRICKY = [
    "Anna Rossi",
    "Müller, Jürgen; Familie",
    "back\\slash \\n C:\\temp",
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:forged",
    "tab\there, NUL\x00, bell\x07, DEL\x7f, next line\x85end\u2028of\u2029it",
    '"quoted" ^caret^ 100% :colon:',
    "  blanks around  ",
    "王小明 ゆうこ ユウコ 홍길동 Иван Ελένη",
    "דוד أحمد प्रिया สมชาย ნინო Արամ አበበ",
    "தமிழ் বাংলা తెలుగు ಕನ್ನಡ മലയാളം ગુજરાતી ਪੰਜਾਬੀ",
    "සිංහල ខ្មែរ ລາວ မြန်မာ བོད་ ᠮᠣᠩᠭᠣᠯ ދިވެހި",
    "🏖️👩‍👩‍👧‍👦🇮🇹 e\u0301",
    "\ufeffmarked",
    "a" * 63 + "\\,;" + "é" * 40,
    "^" * 200,
    "," * 200,
    "Ω" * 5000,
]

texts = st.one_of(
    st.sampled_from(TRICKY), st.text(max_size=120), st.text(alphabet="ab ,;\\\n\r^é🏖", max_size=200)
)
days = st.dates(date(2024, 1, 1), date(2032, 12, 1))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
urls = st.one_of(
    st.none(),
    st.text(min_size=1, max_size=100).map("https://example.com/{}".format),
    st.just("https://e.example/a?b=c&d=%20"),
)


@st.composite
def feed_events(draw: st.DrawFn) -> list[FeedEvent]:
    """Some stays with UIDs of our form, in any order."""
    uids = draw(st.lists(st.from_regex(r"[a-z2-7]{26}", fullmatch=True), max_size=5, unique=True))
    return [_event(draw, uid) for uid in uids]


def _event(draw: st.DrawFn, uid: str) -> FeedEvent:
    check_in = draw(days)
    return FeedEvent(
        uid=uid,
        check_in=check_in,
        check_out=check_in + timedelta(days=draw(st.integers(1, 30))),
        summary=draw(texts),
        description=draw(texts),
        sequence=draw(st.integers(0, 10_000)),
        last_modified=draw(moments).replace(microsecond=0),
        url=draw(urls),
        color=draw(st.sampled_from([None, "teal", "tomato"])),
    )


headers = st.builds(
    FeedHeader,
    name=texts,
    timezone=st.sampled_from(
        ["Europe/Rome", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "Africa/Cairo"]
    ),
    style=st.sampled_from(Style),
    check_in=st.just(time(15)),
    check_out=st.just(time(10, 30)),
    refresh=st.sampled_from([timedelta(minutes=15), timedelta(minutes=59)]),
)


def as_icalendar(header: FeedHeader, events: Iterable[FeedEvent]) -> icalendar.Calendar:
    """The same components in `icalendar`'s own values, properties in our order."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar["NAME"] = calendar["X-WR-CALNAME"] = vText(tidy(header.name))
    calendar["X-WR-TIMEZONE"] = vText(header.timezone)
    calendar.add("refresh-interval", header.refresh, parameters={"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = icalendar.vDuration(header.refresh)
    if header.style is Style.TIMED:
        calendar.add_component(icalendar.Timezone.from_ical(vtimezone(header.timezone)))
    for event in events:
        calendar.add_component(_vevent(header, event))
    return calendar


def _vevent(header: FeedHeader, event: FeedEvent) -> icalendar.Event:
    vevent = icalendar.Event()
    vevent.add("uid", event.uid)
    vevent.add("dtstamp", event.last_modified)
    vevent.add("last-modified", event.last_modified)
    vevent.add("sequence", event.sequence)
    vevent.add("dtstart", moment(header, event.check_in, header.check_in))
    vevent.add("dtend", moment(header, event.check_out, header.check_out))
    vevent.add("summary", tidy(event.summary))
    if tidy(event.description):
        vevent.add("description", tidy(event.description))
    vevent.add("status", "CONFIRMED")
    vevent.add("transp", "OPAQUE")
    if event.url:
        vevent["URL"] = vUri(uri(event.url))
    if event.color:
        vevent["COLOR"] = vText(event.color)
    return vevent


def moment(header: FeedHeader, day: date, hour: time) -> date | datetime:
    """What a reader is to see as the start or end of a stay."""
    return day if header.style is Style.ALL_DAY else datetime.combine(day, hour, ZoneInfo(header.timezone))


def seen(header: FeedHeader, events: Iterable[FeedEvent]) -> list[list[str]]:
    """What a client of another language is to print: dates, or instants in UTC."""
    return [
        [
            event.uid,
            _shown(moment(header, event.check_in, header.check_in)),
            _shown(moment(header, event.check_out, header.check_out)),
            tidy(event.summary),
            tidy(event.description),
        ]
        for event in events
    ]


def _shown(start_or_end: date) -> str:
    if isinstance(start_or_end, datetime):
        return f"{start_or_end.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
    return start_or_end.isoformat()
