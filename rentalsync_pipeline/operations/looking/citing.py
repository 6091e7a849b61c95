"""An explanation down to the bytes: what each channel wrote of the bookings of a night.

Belongs here: cutting it out of the kept bodies. What comes out names guests and telephone numbers: it is for
the terminal of the owner who asks, never for pages, logs or the API, and so no part of `explain` itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rentalsync_pipeline.calendars.lines import decode
from rentalsync_pipeline.channels.base import Channel, ReadContext
from rentalsync_pipeline.channels.registry import channel_of, channels
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.looking.explanation import Evidence, Explanation, Former, Source
from rentalsync_pipeline.operations.reading import find_listing
from rentalsync_pipeline.operations.standpoint import standpoints
from rentalsync_pipeline.warehouse.bodies import Bodies


def cited(control: ControlStore, found: Explanation) -> Explanation:
    """The same explanation with the channels' own words, as far as they are kept."""
    citer = _Citer(control, found.listing)
    stays = tuple(
        replace(
            stay,
            sources=tuple(replace(each, evidence=citer.cited(each, each.evidence)) for each in stay.sources),
        )
        for stay in found.stays
    )
    formerly = tuple(replace(each, told=citer.cited(each, each.told)) for each in found.formerly)
    return replace(found, stays=stays, formerly=formerly)


class _Citer:
    def __init__(self, control: ControlStore, listing: str) -> None:
        portfolio = control.portfolio()
        self._bodies = Bodies(control.home.bodies)
        self._points = standpoints(portfolio)
        self._timezone = find_listing(portfolio, listing).timezone

    def cited(self, booking: Source | Former, told: Evidence) -> Evidence:
        if told.body is None or told.asked is None:
            return told
        body = self._bodies.read(told.body)
        if body is None:
            return replace(told, is_kept=False)
        channel, context = self._reader(booking, told.asked)
        event = channel.cite(body, booking.key, (booking.check_in, booking.check_out), context)
        return replace(told, event=None if event is None else decode(event))

    def _reader(self, booking: Source | Former, asked: datetime) -> tuple[Channel, ReadContext]:
        """By what, and against what, it was read; where its connection is gone, as its channel reads now."""
        point = self._points.get(booking.connection)
        if point is None:
            return channels()[booking.channel], ReadContext(self._timezone, asked.date())
        return channel_of(point.connection), point.context(point.day(asked))
