"""Real exports of real channels, through the whole sync: every night that lies ahead is published.

Reads `../shared/samples`, which is not part of this project; skips where it is absent. What is expected is
worked out here with the icalendar library and nothing of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from icalendar import Calendar

from rentalsync_pipeline.channels.registry import channels
from rentalsync_pipeline.operations.configuring.apply import apply
from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline.operations.stores import Run, Scope, Stores
from rentalsync_pipeline.operations.syncing.absorb import absorb
from rentalsync_pipeline.operations.syncing.ingest import ingest
from rentalsync_pipeline.operations.syncing.match import match
from rentalsync_pipeline.operations.syncing.publish import publish

SAMPLES = Path(__file__).parent.parent.parent / "shared" / "samples"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real exports are not beside this checkout"),
]

ROME = ZoneInfo("Europe/Rome")

NO_STAMP = {
    # Exports without a DTSTAMP: a morning on which their events lay ahead.
    "agoda_01": "2025-11-10",
    "airbnb_07": "2022-09-27",
    "airbnb_14_INVENTED_pre2019_style": "2025-02-01",
    "bookingcom_07": "2026-04-15",
    "scraper_no_prodid_01": "2025-03-01",
}
AVAIBOOK_FETCHED = "2026-08-16"
"""AvaiBook's DTSTAMPs are the days on which bookings were made."""

CHANNELS = {"airbnb": "airbnb", "bookingcom": "booking_com", "vrbo": "fewo_direkt"}


def _fetched(path: Path) -> datetime:
    if path.stem in NO_STAMP:
        return datetime.combine(date.fromisoformat(NO_STAMP[path.stem]), time(9), ROME)
    if path.stem.startswith("avaibook"):
        return datetime.combine(date.fromisoformat(AVAIBOOK_FETCHED), time(9), ROME)
    stamps = re.findall(rb"DTSTAMP:(\d{8}T\d{6})Z", path.read_bytes())
    return datetime.strptime(max(stamps).decode(), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def _day(value: date) -> date:
    if isinstance(value, datetime):
        return (value.astimezone(ROME) if value.tzinfo else value).date()
    return value


def _is_tail(path: Path, summary: str, end: date, today: date) -> bool:
    """Whether an event is what lies behind the channel's booking window, and no occupation."""
    if path.stem.startswith("airbnb"):
        return "Not available" in summary and end >= today + timedelta(days=364)
    months = today.month - 1 + 18
    horizon = date(today.year + months // 12, months % 12 + 1, min(today.day, 28))
    return path.stem.startswith("bookingcom") and end >= horizon - timedelta(days=2)


def _nights(calendar: bytes, today: date, path: Path | None = None) -> set[date]:
    """The nights from `today` on that a calendar holds."""
    found = set[date]()
    for event in Calendar.from_ical(calendar).walk("VEVENT"):
        start, end = (_day(event.decoded(name)) for name in ("DTSTART", "DTEND"))
        if path is None or not _is_tail(path, str(event["SUMMARY"]), end, today):
            found |= {start + timedelta(days=n) for n in range(max((end - start).days, 1))}
    return {night for night in found if night >= today}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[bytes, date]]]:
    """Each sample as a listing of its own, synced when it was fetched: its owner feed and that day."""
    home = init(tmp_path_factory.mktemp("samples")).home
    samples = {path.stem.lower().replace("_", "-"): path for path in SAMPLES.glob("*.ics")}
    document = {
        "version": 1,
        "defaults": {"timezone": "Europe/Rome"},
        "listings": [{"slug": slug} for slug in samples],
        "connections": [
            {"id": slug, "channel": _channel(path), "listing": slug, "url": str(path)}
            for slug, path in samples.items()
        ],
    }
    home.config.write_text(yaml.safe_dump(document), encoding="utf-8")
    stores = Stores.open(home, str(home.feeds))
    apply(
        stores.control,
        home.config,
        channels=set(channels()),
        env={},
        who="a test",
        now=datetime(2020, 1, 1, tzinfo=UTC),
    )
    yield {slug: _sync(stores, slug, path) for slug, path in sorted(samples.items(), key=_by_fetch)}
    stores.control.close()


def _channel(path: Path) -> str:
    return CHANNELS.get(path.stem.split("_")[0], "ical")


def _by_fetch(sample: tuple[str, Path]) -> datetime:
    return _fetched(sample[1])


def _sync(stores: Stores, slug: str, path: Path) -> tuple[bytes, date]:
    """One sync of one listing: its owner feed, and the local day."""
    fetched = _fetched(path)
    run = Run(slug, fetched, scope=Scope((slug,)), fixed=True)
    for step in (ingest, absorb, match, publish):
        step(stores, run)
    (owner,) = Path(stores.home.feeds).glob(f"private/{slug}-owner-*.ics")
    return owner.read_bytes(), fetched.astimezone(ROME).date()


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.ics")), ids=lambda path: path.stem)
def test_every_night_that_lies_ahead_is_published(
    path: Path, published: dict[str, tuple[bytes, date]]
) -> None:
    feed, today = published[path.stem.lower().replace("_", "-")]
    assert _nights(feed, today) == _nights(path.read_bytes(), today, path)
