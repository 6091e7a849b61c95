"""What one request came back with, and what its status means.

Belongs here: the answer of a server or a file as a value, and the table of HTTP statuses. Does not:
getting it (`transport`, `files`), trying again (`patience`), what the bytes say (`calendars`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Self

from rentalsync_pipeline.core.verdict import Failure, Reason

NOT_MODIFIED = 304

REASONS: Mapping[int, Reason] = MappingProxyType(
    {
        401: Reason.UNAUTHORISED,
        403: Reason.UNAUTHORISED,
        404: Reason.NOT_FOUND,
        408: Reason.TIMEOUT,
        410: Reason.NOT_FOUND,
        425: Reason.SERVER_ERROR,
        429: Reason.RATE_LIMITED,
    }
)
"""Statuses with a meaning of their own; 5xx is a fault of the server, the rest is `HTTP_STATUS`."""


@dataclass(frozen=True, slots=True)
class Response:
    """The last answer to a request, or why there is none. `repr` shows no byte that we were sent.

    `status` is `None` where no answer came, and for a file. The names in `headers` are lower-case.
    The body is whole and decompressed; it is empty beside a failure and beside 304.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    body: bytes = field(default=b"", repr=False)
    failure: Failure | None = None


class FetchError(Exception):
    """Carries a failure up to where it becomes part of a `Response` or an `Answer`."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.failure = Failure(reason, detail)
        self.status: int | None = None

    @classmethod
    def of(cls, failure: Failure, status: int | None = None) -> Self:
        """For a failure that is known already, with the HTTP status that it came with."""
        error = cls(failure.reason, failure.detail)
        error.failure, error.status = failure, status
        return error


REQUEST_IDS = ("x-request-id", "request-id", "x-amzn-requestid", "x-correlation-id", "cf-ray")
"""Headers in which servers say what they call a request: their support asks for it."""

_HARMLESS = re.compile(r"[\w.:-]{4,64}")


def named(failure: Failure, headers: Mapping[str, str]) -> Failure:
    """A failure with what its server calls the request, where it says so and in a form that hides nothing."""
    given = (headers[name] for name in REQUEST_IDS if _HARMLESS.fullmatch(headers.get(name, "")))
    request = next(given, None)
    return replace(failure, detail=f"{failure.detail}, request {request}") if request else failure


def judge(status: int, *, conditional: bool) -> Failure | None:
    """Why an answer of this status can't be used; `None` for 2xx, and for 304 where it was asked for."""
    if 200 <= status < 300 or (status == NOT_MODIFIED and conditional):
        return None
    reason = Reason.SERVER_ERROR if status >= 500 else REASONS.get(status, Reason.HTTP_STATUS)
    return Failure(reason, f"HTTP {status}")
