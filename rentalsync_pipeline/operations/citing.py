"""An explanation down to the bytes: what each channel wrote of the bookings of a night.

Belongs here: cutting it out of the kept bodies. What comes out names guests and telephone numbers: it is for
the terminal of the owner who asks, never for pages, logs or the API, and so no part of `explain` itself.
"""

from __future__ import annotations

from dataclasses import replace

from rentalsync_pipeline.calendars.lines import decode
from rentalsync_pipeline.channels.registry import channel_of
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.explanation import Evidence, Explanation, Former, Source
from rentalsync_pipeline.operations.standpoint import standpoints
from rentalsync_pipeline.warehouse.bodies import Bodies


def cited(control: ControlStore, found: Explanation) -> Explanation:
    """The same explanation with the channels' own words, as far as they are kept."""
    citer = _Citer(control)
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
    def __init__(self, control: ControlStore) -> None:
        self._bodies = Bodies(control.home.bodies)
        self._points = standpoints(control.portfolio())

    def cited(self, booking: Source | Former, told: Evidence) -> Evidence:
        """A connection that is gone can't be asked how its answers are read."""
        point = self._points.get(booking.connection)
        if told.body is None or told.asked is None or point is None:
            return told
        body = self._bodies.read(told.body)
        if body is None:
            return replace(told, is_kept=False)
        nights = booking.check_in, booking.check_out
        context = point.context(point.day(told.asked))
        event = channel_of(point.connection).cite(body, booking.key, nights, context)
        return replace(told, event=None if event is None else decode(event))
