"""A channel that begins to write otherwise is noticed once, without quoting a guest."""

from __future__ import annotations

from datetime import timedelta

from rentalsync_pipeline.operations.stores import Run
from rentalsync_pipeline.operations.syncing.drift import new_shapes
from rentalsync_pipeline.operations.watching.telling import tell
from rentalsync_pipeline_tests.operations.dialects import airbnb, booking_com, closed, other, reservation
from rentalsync_pipeline_tests.operations.places import web
from rentalsync_pipeline_tests.operations.town import Town

ANNA = reservation("HMANNA2345", "2026-12-01", 3)


def drift(town: Town) -> list[tuple[str, str]]:
    """What came as news in the last sync."""
    found = new_shapes(town.stores, town.now - timedelta(minutes=1))
    return [(row["what"], row["shape"]) for row in found]


def test_what_channels_are_known_to_write_is_no_news(town: Town) -> None:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("villa-booking-com", booking_com(closed("2026-12-01", 3)))
    town.apply()
    town.sync()
    assert drift(town) == []


def test_a_property_that_a_channel_adds_overnight_is_news_once(town: Town) -> None:
    """Booking.com did so on 2026-07-07, with ORGANIZER."""
    town.connect("loft-booking-com", booking_com(closed("2026-12-01", 3)))
    town.connect("villa-booking-com", booking_com(closed("2026-12-01", 3), room="other"))
    town.apply()
    town.sync()
    for name, nights in (("loft", 4), ("villa", 5)):
        calendar = booking_com(closed("2026-12-01", nights)).replace("SUMMARY", "X-ROOM:Suite 1\r\nSUMMARY")
        town.show(**{f"{name}_booking_com": calendar})
        town.sync()
        assert drift(town) == ([("property", "X-ROOM")] if name == "loft" else [])


def test_other_words_are_told_of_without_a_guests_name(town: Town) -> None:
    with web() as page:
        town.document["alerts"] = [{"webhook": page.url}]
        town.connect("loft-airbnb", airbnb(ANNA))
        town.apply()
        town.show(loft_airbnb=airbnb(ANNA).replace("SUMMARY:Reserved", "SUMMARY:Booking of Anna Canary"))
        for days in (0, 0, 10):
            town.sync(days=days)
            tell(town.stores, Run(f"run-{town.runs}", town.now), "sync", print)
    (text,) = page.texts
    assert text.startswith("loft-airbnb shows a SUMMARY that was never seen of it: `booking …`.")


def test_a_calendar_of_nobody_known_is_learned_by_its_first_answer(town: Town) -> None:
    dan, eve = reservation("dan", "2026-12-01", 2, "Dan"), reservation("eve", "2026-12-20", 2, "Eve (Canary)")
    town.connect("loft-ical", other(dan))
    town.apply()
    town.sync()
    assert drift(town) == []
    town.show(loft_ical=other(dan, eve))
    town.sync()
    assert drift(town) == []
    town.show(loft_ical=other(dan, eve).replace("//Any Program//", "//Another Program//"))
    town.sync()
    assert drift(town) == [("PRODID", "-//Example//Another Program//EN")]
