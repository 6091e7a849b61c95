"""What a feed says about an occupation: SUMMARY and DESCRIPTION, for one audience.

Belongs here: the words of a SUMMARY, and what the readers of such words demand. Does not: the lines of a
DESCRIPTION (`fields`), who may see which field (`core.visibility`), bytes (`writer`).

The strictest reader is Rental Control, which makes door codes of them. It reads a SUMMARY by prefixes and
hyphens and has no notion of quoting: words of a guest that look like its grammar are changed so that they
look the same to people only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, count
from types import MappingProxyType

from rentalsync_pipeline.calendars.fields import description, free, one_line, title
from rentalsync_pipeline.core.model import Kind, Occupation
from rentalsync_pipeline.core.portfolio import OWNER, Listing
from rentalsync_pipeline.core.privacy import REMOVED

ANONYMOUS = "Not available"
"""All that a public feed says."""
BLOCKED = "Blocked"

SENTINEL_NIGHTS = (date(2037, 12, 30), date(2037, 12, 31))
"""Check-in and check-out of the event in a feed that must not be empty (Booking.com refuses to import an
empty calendar). Fixed, so that the bytes stay; beyond every booking window, so that no sale is lost;
before 2038, where 32-bit clocks end."""

_HYPHEN = "\u2011"

_MISREAD = {
    "Blocked": "blocked",
    "Not available": "not available",
    "Reserved": "reserved",
    "Reservation ": "reservation ",
    "CLOSED - ": "closed - ",
    "Check-in": f"Check{_HYPHEN}in",
    "Check-out": f"Check{_HYPHEN}out",
}
"""What Rental Control takes for its own words in a SUMMARY (case-sensitive), and how a name may have it."""

_TOO_MANY_HYPHENS = 3
"""From three on, the part between the first and the second last is taken for the name."""


NOTHING_YET: Mapping[str, str] = MappingProxyType({})


def words(
    occupations: Sequence[Occupation],
    listing: Listing,
    audience: str,
    *,
    titles: Mapping[str, str],
    carried: Mapping[str, str] = NOTHING_YET,
) -> list[tuple[str, str]]:
    """SUMMARY and DESCRIPTION of each, in the order given.

    In the owner's feed the SUMMARYs of all but blocks are distinct, since Rental Control gives one door
    code a name. Whoever bears a form of their name in the feed by now (`carried`, by UID) keeps it, whoever
    comes or goes: another SUMMARY is another door code. Of new ones the first has the plain form, so give the
    occupations in the order of their check-in. `titles` says how people call a channel.
    """
    if audience != OWNER:
        return [(ANONYMOUS, "")] * len(occupations)
    summaries = _distinct([(stay, _summary(stay, titles)) for stay in occupations], carried)
    return [
        (summary, description(stay, listing, titles))
        for stay, summary in zip(occupations, summaries, strict=True)
    ]


def _summary(stay: Occupation, titles: Mapping[str, str]) -> str:
    """Who is there, and in which room or house where that is another listing."""
    who = _who(stay, titles)
    place = _name(stay.place)
    return f"{who} ({place.replace('-', _HYPHEN)})" if place else who


def _who(stay: Occupation, titles: Mapping[str, str]) -> str:
    if stay.kind is Kind.BLOCK:
        return BLOCKED
    if name := _name(stay.guest_name):
        return name
    if stay.code:
        return f"Reserved - {one_line(stay.code)}"
    return " ".join(filter(None, ("Reserved -", title(stay, titles), f"{stay.check_in:%m-%d}")))


def _name(name: str | None) -> str | None:
    """A guest's name as it may stand in a SUMMARY; none if nothing of it may."""
    safe = free(name) or ""
    for word, spelling in _MISREAD.items():
        safe = safe.replace(word, spelling)
    if safe.count("-") >= _TOO_MANY_HYPHENS:
        safe = safe.replace("-", _HYPHEN)
    return safe if safe.replace(REMOVED, "").strip() else None


def _distinct(named: Sequence[tuple[Occupation, str]], carried: Mapping[str, str]) -> list[str]:
    """The SUMMARYs, told apart unless they are of blocks."""
    most = len(named) + 1
    kept = {
        stay.uid: carried[stay.uid]
        for stay, summary in named
        if stay.uid in carried and _is_form(carried[stay.uid], summary, stay, most)
    }
    taken = {summary.casefold() for summary in kept.values()}
    # One row of numbers a name: thousands of one name would else be tried from the first for each.
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(2))

    def chosen(stay: Occupation, summary: str) -> str:
        if stay.uid in kept or stay.kind is Kind.BLOCK:
            return kept.get(stay.uid, summary)
        dated = _dated(summary, stay)
        forms = chain((summary, dated), (f"{dated} ({number})" for number in numbers[dated]))
        new = next(form for form in forms if form.casefold() not in taken)
        taken.add(new.casefold())
        return new

    return [chosen(stay, summary) for stay, summary in named]


def _dated(summary: str, stay: Occupation) -> str:
    """What the second of a name is called."""
    if summary.endswith(f"{stay.check_in:%m-%d}"):
        return summary
    return f"{summary}, {stay.check_in:%m}{_HYPHEN}{stay.check_in:%d}"


def _is_form(carried: str, summary: str, stay: Occupation, most: int) -> bool:
    """Whether a stay of that name, of so many at the most, may be called so."""
    dated = _dated(summary, stay)
    number = carried.removeprefix(f"{dated} (").removesuffix(")")
    is_short = number.isdecimal() and len(number) <= len(str(most))
    is_numbered = is_short and carried == f"{dated} ({int(number)})" and 2 <= int(number) <= most
    return is_numbered or carried in (summary, dated)
