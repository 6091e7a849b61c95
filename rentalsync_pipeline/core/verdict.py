"""Why an answer was not used: one table of reasons, in words that say what to do.

Belongs here: the reasons a fetch can fail, each with its explanation and remedy for a host, and the
verdict that the gates pass. Does not: finding them out (`channels.transport`,
`calendars.completeness`, `core.gate`, `core.plausibility`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What the gates made of one answer."""

    ACCEPTED = "accepted"
    UNCHANGED = "unchanged"
    """Complete, and it says what the last accepted one said (a 304, or equal but for DTSTAMP)."""
    QUARANTINED = "quarantined"
    """Complete but implausible: it may add nights, never take them."""
    FAILED = "failed"


TROUBLED = frozenset({Verdict.FAILED, Verdict.QUARANTINED})
"""What somebody should know of."""


class Reason(StrEnum):
    """Why an answer failed."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REFUSED_ADDRESS = "refused_address"
    REDIRECTS = "redirects"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"
    UNAUTHORISED = "unauthorised"
    NOT_FOUND = "not_found"
    SERVER_ERROR = "server_error"
    HTTP_STATUS = "http_status"
    NO_SECRET = "no_secret"  # noqa: S105 a reason, not a password
    FILE_MISSING = "file_missing"
    EMPTY_BODY = "empty_body"
    NOT_A_CALENDAR = "not_a_calendar"
    TORN = "torn"
    INCOMPLETE = "incomplete"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    DOUBTFUL = "doubtful"
    INTERNAL = "internal"


REMEDIES: dict[Reason, tuple[str, str]] = {
    Reason.TIMEOUT: ("the answer took too long", "nothing, unless it lasts: the next sync asks again"),
    Reason.UNREACHABLE: ("the server could not be reached", "check the host name and this machine's network"),
    Reason.REFUSED_ADDRESS: (
        "the address is private or not allowed",
        "add the host to settings.allow_private if it is yours",
    ),
    Reason.REDIRECTS: ("too many redirects, or one that is not allowed", "copy the calendar's URL anew"),
    Reason.TOO_LARGE: ("the answer is larger than 5 MB", "check that the URL is a single listing's calendar"),
    Reason.RATE_LIMITED: ("the channel asks us to slow down", "raise the connection's interval"),
    Reason.UNAUTHORISED: (
        "the channel refuses access",
        "export the calendar's URL, or make the account's key, anew at the channel",
    ),
    Reason.NOT_FOUND: (
        "there is no calendar at this URL any more",
        "the channel may have rotated the URL: export it anew and `rentalsync apply`",
    ),
    Reason.SERVER_ERROR: ("the channel has a fault", "nothing, unless it lasts: the next sync asks again"),
    Reason.HTTP_STATUS: ("an answer that is no calendar", "open the URL in a browser and see"),
    Reason.NO_SECRET: ("a secret that it needs is not set", "set it in secrets.env"),
    Reason.FILE_MISSING: ("the file does not exist or cannot be read", "check the path in rentalsync.yaml"),
    Reason.EMPTY_BODY: ("an empty answer", "nothing, unless it lasts: the next sync asks again"),
    Reason.NOT_A_CALENDAR: (
        "the answer is no calendar (a login page or an error text)",
        "open the URL in a browser: it may have been rotated",
    ),
    Reason.TORN: ("the calendar is cut off or damaged", "nothing, unless it lasts: the next sync asks again"),
    Reason.INCOMPLETE: (
        "the channel sent less than it announced",
        "nothing, unless it lasts: the next sync asks again",
    ),
    Reason.REFUSED: (
        "the channel's API refuses the question",
        "`rentalsync connections test` says what its credentials allow",
    ),
    Reason.UNREADABLE: ("none of its events could be read", "report the calendar to the project"),
    Reason.DOUBTFUL: (
        "bookings would vanish in a way that is not believed",
        "see `rentalsync quarantine list`: it ends by itself when they return, or a day later",
    ),
    Reason.INTERNAL: ("a fault of this program", "report it, with the run's log"),
}
"""Per reason: what happened, and what its user can do about it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one answer can't be used. `detail` is ours: no URL, no header, no byte of the answer."""

    reason: Reason
    detail: str = ""
    retry_at: datetime | None = None
    """The moment before which the channel does not want to be asked again."""

    @property
    def message(self) -> str:
        """One line for people: what happened and what to do."""
        what, remedy = REMEDIES[self.reason]
        return f"{what}{f' ({self.detail})' if self.detail else ''}; {remedy}"
