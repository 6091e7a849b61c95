"""What must fit together across a configuration, one small rule each.

Belongs here: rules over more than one key. Does not: the form of single values (`forms`), reporting
(`config`). An entry that is wrong in itself is missing from the entries, but its id still counts as
written, so that one fault is one problem.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from rentalsync_pipeline.calendars.writer import has_rules
from rentalsync_pipeline.control.written.entries import ConnectionEntry, FileEntry, ListingEntry
from rentalsync_pipeline.control.written.problems import Steps
from rentalsync_pipeline.control.written.variables import REFERENCE, Variables
from rentalsync_pipeline.control.written.yaml_lines import Finding
from rentalsync_pipeline.core.portfolio import BUSY, OWNER, Style, Ways


@dataclass(frozen=True, slots=True)
class Entries:
    """A file whose entries are right in themselves, by their position in it."""

    file: FileEntry
    listings: Mapping[int, ListingEntry]
    connections: Mapping[int, ConnectionEntry]
    slugs: Collection[str]
    """Every slug that is written down, also of listings with a fault."""
    ids: Collection[str]
    """Every id of a connection, likewise."""
    channels: Collection[str]
    """Their names; a mapping to `Ways` says more of them."""
    variables: Variables

    def zone(self, listing: ListingEntry) -> str | None:
        """The time zone of a listing, its own or the default."""
        return listing.timezone or self.file.defaults.timezone


def findings(entries: Entries) -> Iterator[Finding]:
    """All that doesn't fit together."""
    for check in _CHECKS:
        yield from check(entries)


def _ids_are_unique(entries: Entries) -> Iterator[Finding]:
    slugs = ((("listings", at, "slug"), listing.slug) for at, listing in entries.listings.items())
    ids = ((("connections", at, "id"), connection.id) for at, connection in entries.connections.items())
    for named in (slugs, ids):
        seen: set[str] = set()
        for steps, name in named:
            if name in seen:
                yield steps, f"`{name}` is there already", "choose another"
            seen.add(name)


def _listings_have_zones(entries: Entries) -> Iterator[Finding]:
    for at, listing in entries.listings.items():
        zone = entries.zone(listing)
        if zone is None:
            remedy = "add `timezone:` here, or under `defaults:` for all"
            yield ("listings", at), f"`{listing.slug}` has no time zone", remedy
        elif listing.feed.style is Style.TIMED and not has_rules(zone):
            yield (
                ("listings", at, "feed", "style"),
                f"calendars can't be told the clock changes of {zone}",
                "leave `style` out: such a feed is published in whole days",
            )


def _audiences_exist(entries: Entries) -> Iterator[Finding]:
    known = [OWNER, BUSY, *sorted(entries.channels)]
    for at, listing in entries.listings.items():
        for position, audience in enumerate(listing.feed.audiences or ()):
            if audience not in known:
                steps = ("listings", at, "feed", "audiences", position)
                yield steps, "is no audience", _choice(audience, known)


def _fields_are_unique(entries: Entries) -> Iterator[Finding]:
    for at, listing in entries.listings.items():
        names = [field.name for field in listing.fields or ()]
        for position, name in enumerate(names):
            if name in names[:position]:
                yield ("listings", at, "fields", position), f"`{name}` is there already", "remove one"


def _rooms_are_listings(entries: Entries) -> Iterator[Finding]:
    """A house has rooms and no room has any: one floor says all that a calendar can show."""
    houses = {listing.slug for listing in entries.listings.values() if listing.rooms}
    taken: dict[str, str] = {}
    for at, listing in entries.listings.items():
        for position, room in enumerate(listing.rooms):
            steps = ("listings", at, "rooms", position)
            if room not in entries.slugs:
                yield steps, "is no listing", _choice(room, entries.slugs)
            elif room in houses:
                yield steps, f"`{room}` has rooms, so it can't be one", "name single rooms here"
            elif room in taken:
                yield steps, f"`{room}` is a room of `{taken[room]}` already", "remove one of the two"
            taken.setdefault(room, listing.slug)


def _channels_exist(entries: Entries) -> Iterator[Finding]:
    for at, connection in entries.connections.items():
        if connection.channel not in entries.channels:
            remedy = _choice(connection.channel, sorted(entries.channels))
            yield ("connections", at, "channel"), "is no channel", remedy


def _channels_can_be_asked_so(entries: Entries) -> Iterator[Finding]:
    """Where it is known how each channel can be asked."""
    ways = entries.channels if isinstance(entries.channels, Mapping) else {}
    for at, connection in entries.connections.items():
        way = ways.get(connection.channel)
        if not isinstance(way, Ways):
            continue
        if connection.url is not None and not way.calendar:
            yield ("connections", at, "url"), f"`{connection.channel}` exports no calendar", _CREDENTIALS
        if connection.credentials is not None:
            given = connection.credentials.keys()
            wanted = ", or ".join(" and ".join(f"`{name}`" for name in each) for each in way.credentials)
            where, name = ("connections", at, "credentials"), connection.channel
            if not wanted:
                yield where, f"partner credentials are needed for `{name}`, and not to be had", _NO_PARTNER
            elif not any(given >= set(needed) for needed in way.credentials):
                yield where, f"don't let `{name}` know us", f"write {wanted}"


def _connections_are_one_kind(entries: Entries) -> Iterator[Finding]:
    for at, connection in entries.connections.items():
        url, account = connection.url is not None, connection.credentials is not None
        for wrong, key, message, remedy in (
            (url and account, "credentials", "a calendar or an account, not both", _EITHER),
            (not url and not account, "", "points nowhere", _EITHER),
            (url and not connection.listing, "", "a calendar of no listing", "add `listing:` and its slug"),
            (url and connection.listings, "listings", "a calendar is of one listing", "write `listing:`"),
            (account and not url and connection.listing, "listing", "an account has many rooms", _MAP),
        ):
            if wrong:
                yield ("connections", at, *filter(None, [key])), message, remedy


def _connections_reach_listings(entries: Entries) -> Iterator[Finding]:
    for at, connection in entries.connections.items():
        if connection.listing and connection.listing not in entries.slugs:
            remedy = _choice(connection.listing, entries.slugs)
            yield ("connections", at, "listing"), f"there is no listing `{connection.listing}`", remedy
        for upstream, slug in connection.listings.items():
            if slug not in entries.slugs:
                steps = ("connections", at, "listings", upstream)
                yield steps, f"there is no listing `{slug}`", _choice(slug, entries.slugs)


def _imports_exist(entries: Entries) -> Iterator[Finding]:
    for at, connection in entries.connections.items():
        for name in connection.imports if isinstance(connection.imports, list) else ():
            if name not in entries.ids or name == connection.id:
                remedy = _choice(name, set(entries.ids) - {connection.id})
                yield ("connections", at, "imports"), f"there is no other connection `{name}`", remedy


def _renamings_are_over(entries: Entries) -> Iterator[Finding]:
    for at, listing in entries.listings.items():
        if listing.renamed_from in entries.slugs:
            yield ("listings", at, "renamed_from"), "is a listing of its own", "remove one of the two"
    for at, connection in entries.connections.items():
        if connection.renamed_from in entries.ids:
            yield ("connections", at, "renamed_from"), "is a connection of its own", "remove one of the two"


def _alerts_are_one_kind(entries: Entries) -> Iterator[Finding]:
    for at, alert in enumerate(entries.file.alerts):
        if len(alert.given) != 1:
            remedy = "write one of `webhook:`, `smtp:`, `command:` and `heartbeat:`"
            yield ("alerts", at), "must be one thing", remedy
        elif "smtp" in alert.given and alert.to is None:
            yield ("alerts", at), "an e-mail to nobody", "add `to:` and its addresses"
        elif "smtp" not in alert.given and alert.to is not None:
            yield ("alerts", at, "to"), "belongs to `smtp:`", "remove it"


def _alerts_are_unique(entries: Entries) -> Iterator[Finding]:
    given = [alert.given for alert in entries.file.alerts]
    for at, place in enumerate(given):
        if place and place in given[:at]:
            yield ("alerts", at), "is there already", "remove one; `to:` may name several addresses"


def _variables_are_set(entries: Entries) -> Iterator[Finding]:
    for steps, value in _locations(entries):
        for name in REFERENCE.findall(value) if isinstance(value, str) else ():
            if name not in entries.variables:
                remedy = f"put `{name}=…` into {entries.variables.file}, or into the environment"
                yield steps, f"{name} is not set", remedy


def _locations(entries: Entries) -> Iterator[tuple[Steps, object]]:
    """All values that may be references."""
    for at, alert in enumerate(entries.file.alerts):
        for kind, place in alert.given.items():
            for each in place if isinstance(place, list) else [place]:
                yield ("alerts", at, kind), each
    for at, connection in entries.connections.items():
        yield ("connections", at, "url"), connection.url
        yield ("connections", at, "webhook_secret"), connection.webhook_secret
        for name, value in (connection.credentials or {}).items():
            yield ("connections", at, "credentials", name), value


_CREDENTIALS = "write `credentials:` for its API"
_NO_PARTNER = "write `url:` with its calendar, or connect a channel manager that sells there"
_EITHER = "write `url:` for a calendar or `credentials:` for an account"
_MAP = "write `listings:` with the channel's id of each room and its slug"

_CHECKS: tuple[Callable[[Entries], Iterator[Finding]], ...] = (
    _ids_are_unique,
    _listings_have_zones,
    _audiences_exist,
    _fields_are_unique,
    _rooms_are_listings,
    _channels_exist,
    _channels_can_be_asked_so,
    _connections_are_one_kind,
    _connections_reach_listings,
    _imports_exist,
    _renamings_are_over,
    _alerts_are_one_kind,
    _alerts_are_unique,
    _variables_are_set,
)


def _choice(wrong: str, known: Collection[str]) -> str:
    """What to write instead: the nearest, or all where they are few."""
    near = get_close_matches(wrong, known, n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    return (
        f"choose from {', '.join(sorted(known))}" if 0 < len(known) <= 12 else "add it, or correct the name"
    )
