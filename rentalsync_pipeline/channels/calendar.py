"""A channel that is a calendar: asked over HTTP or read from a file, the same for every kind of them.

Belongs here: fetching a calendar through gates 1 and 2, and what a calendar channel says of itself.
Does not: any single channel (a file each), dialects (`calendars.dialects`: recognised from the content,
whatever channel the connection has).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from rentalsync_pipeline.calendars.citing import cite
from rentalsync_pipeline.calendars.completeness import content_digest, failure
from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline.channels import files
from rentalsync_pipeline.channels.base import Answer, Query, ReadContext, Validators
from rentalsync_pipeline.channels.wire.response import NOT_MODIFIED, Response
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.core.model import Reading
from rentalsync_pipeline.core.secret import Secret

ACCEPT = "text/calendar, */*;q=0.1"

WEBCAL = re.compile(r"^webcals?://", re.IGNORECASE)
"""How calendar programs write a link to subscribe to; the servers behind it speak https."""

ADDRESS = re.compile(r"(?:https?|webcals?)://(?:[^/?#@]*@)?(?P<address>[^?#]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CalendarChannel:
    """A `Channel` whose connections are calendars; it differs from others by this table alone.

    `addresses` match the start of a URL without its scheme, in lower case: `www.airbnb.de/…`.
    """

    name: str
    title: str
    color: str
    description: str
    export: str
    addresses: tuple[str, ...] = ()

    def recognises(self, url: str) -> bool:
        """Whether a pasted URL lies at one of this channel's addresses."""
        pasted = ADDRESS.match(url.strip())
        address = f"{pasted['address'].lower()}/" if pasted else ""
        return any(re.match(pattern, address) for pattern in self.addresses)

    async def fetch(self, query: Query, transport: Transport) -> AsyncIterator[Answer]:
        """Ask, and pass the one answer through gates 1 and 2."""
        started = transport.clock()
        response = await _ask(query, transport)
        not_modified = response.status == NOT_MODIFIED and response.failure is None
        fault = response.failure or (None if not_modified else failure(response.body))
        body = None if fault or not_modified else response.body
        yield Answer(
            connection=query.connection.id,
            started=started,
            ended=transport.clock(),
            body=body,
            content=None if body is None else content_digest(body),
            not_modified=not_modified,
            failure=fault,
            http_status=response.status,
            validators=query.validators if body is None else _validators(response),
        )

    def read(self, body: bytes, context: ReadContext) -> Reading:
        """Make bookings of a complete body (gate 3)."""
        return read_calendar(
            body,
            timezone=context.timezone,
            today=context.today,
            end_is_last_night=context.end_is_last_night,
        )

    def cite(self, body: bytes, key: str, nights: tuple[date, date], context: ReadContext) -> bytes | None:
        """The event from which a booking was read."""
        return cite(body, key, *nights, read=partial(self.read, context=context))


async def _ask(query: Query, transport: Transport) -> Response:
    if files.is_file(query.url):
        return await files.read(query.url, query.folder)
    condition = {
        "If-None-Match": query.validators.etag,
        "If-Modified-Since": query.validators.last_modified,
    }
    return await transport.get(
        Secret(WEBCAL.sub("https://", query.url.reveal())),
        headers={"Accept": ACCEPT} | {name: value for name, value in condition.items() if value},
    )


def _validators(response: Response) -> Validators:
    return Validators(
        etag=_sendable(response.headers.get("etag")),
        last_modified=_sendable(response.headers.get("last-modified")),
    )


def _sendable(value: str | None) -> str | None:
    """A header that can be sent back as it came; some servers write ETags that no client may send."""
    return value if value and value.isascii() and value.isprintable() else None
