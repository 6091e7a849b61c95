"""What each channel is known to write, so that something new is noticed before it breaks anything.

Belongs here: one table a channel, measured on real exports. Does not: finding shapes in a calendar
(`calendars.shapes`), what was learned since (`warehouse/schema`, table `shapes`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What has a shape."""

    PRODID = "PRODID"
    SUMMARY = "SUMMARY"
    UID = "UID"
    PROPERTY = "property"


@dataclass(frozen=True, slots=True)
class Shape:
    """One way in which a producer writes, without anything that is a guest's."""

    what: What
    shape: str


_USUAL = "BEGIN|CALSCALE|DTEND|DTSTAMP|DTSTART|END|METHOD|PRODID|SUMMARY|UID|VERSION"

KNOWN: Mapping[str, Mapping[What, re.Pattern[str]]] = {
    "airbnb": {
        What.PRODID: re.compile(r"-//Airbnb Inc//Hosting Calendar [\d.]+//EN"),
        What.SUMMARY: re.compile(r"reserved|(?:airbnb \()?not available\)?"),
        What.UID: re.compile(r"(?:1418fb94e984|7f662ec65913|6fec1092d3fa)-x@airbnb\.com"),
        What.PROPERTY: re.compile(rf"{_USUAL}|DESCRIPTION|LOCATION|X-WR-CALNAME"),
    },
    "booking_com": {
        What.PRODID: re.compile(r"-//admin\.booking\.com\\*, b\.v\.//NONSGML v1\.0//EN"),
        What.SUMMARY: re.compile(r"closed - not available"),
        What.UID: re.compile(r"x@booking\.com"),
        What.PROPERTY: re.compile(rf"{_USUAL}|ORGANIZER"),
    },
    "fewo_direkt": {
        What.PRODID: re.compile(r"-//HomeAway\.com, Inc\.//EN"),
        What.SUMMARY: re.compile(r"[^…]+(?: - …)?"),
        What.UID: re.compile(r"x-x-x-x-x"),
        What.PROPERTY: re.compile(_USUAL),
    },
}
"""Per channel and kind of shape, what is no news. Others are known by what their first answer showed."""


def is_known(channel: str, shape: Shape) -> bool:
    """Whether a table says that this channel writes so."""
    known = KNOWN.get(channel, {}).get(shape.what)
    return known is not None and known.fullmatch(shape.shape) is not None
