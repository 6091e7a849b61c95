"""The addresses under which Airbnb, Booking.com and Vrbo's sites export calendars.

As documented and seen: a token in the address is all that is asked for; every answer is stamped with its
moment, so none has a validator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from rentalsync_pipeline_tests.simulators.desks import Desk
from rentalsync_pipeline_tests.simulators.messages import Asked, Reply
from rentalsync_pipeline_tests.simulators.people import hexadecimal, uuid
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.world import World


class Calendars(Simulator):
    """The exports of these desks; `paths` has where each one is."""

    def __init__(self, world: World, desks: Mapping[str, Desk], **options: Callable[[], float]) -> None:
        super().__init__(world, **options)
        self.desks = desks

    def path(self, channel: str, listing: str) -> str:
        """The path and query of an export, as the channel shows it to its host."""
        number, token = 10**18 + self.world.listings[listing].number, hexadecimal(channel, listing)
        return {
            "airbnb": f"/calendar/ical/{number}.ics?t={token}",
            "booking_com": f"/v1/export?t={uuid(channel, listing)}",
            "vrbo": f"/icalendar/{token}.ics",
            "google": f"/calendar/ical/{listing}/private-{token}/basic.ics",
            "website": f"/export/{token}.ics",
        }[channel]

    def export(self, asked: Asked, **_: str) -> Reply:
        for channel, desk in self.desks.items():
            for listing in self.world.listings:
                if self.path(channel, listing) == asked.target:
                    body = desk.calendar(listing).replace("{stamp}", f"{self.now:%Y%m%dT%H%M%SZ}")
                    return Reply.of(body.encode(), "text/calendar; charset=utf-8")
        return self.not_found()

    routes: ClassVar = {
        "GET /calendar/ical/{file}": export,
        "GET /v1/export": export,
        "GET /icalendar/{file}": export,
        "GET /calendar/ical/{calendar}/{key}/basic.ics": export,
        "GET /export/{file}": export,
    }
