"""`rentalsync.yaml`: from a file to rows, or to everything that is wrong with it.

Belongs here: the order of reading, and entries to rows. Does not: forms of values (`forms`), rules across
entries (`checks`), storing (`rows`). Nothing of a file with a problem is used.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from rentalsync_pipeline.control.written import checks, complaints, yaml_lines
from rentalsync_pipeline.control.written.checks import Entries
from rentalsync_pipeline.control.written.document import (
    ALERTS,
    CONNECTIONS,
    CREDENTIAL,
    LISTINGS,
    MAPPED,
    PORTFOLIO,
    SETTINGS,
    Document,
    Row,
    Rows,
    as_row,
)
from rentalsync_pipeline.control.written.entries import (
    AlertEntry,
    ConnectionEntry,
    DefaultsEntry,
    Entry,
    FileEntry,
    ListingEntry,
)
from rentalsync_pipeline.control.written.problems import ConfigError, Problem, Steps, written
from rentalsync_pipeline.control.written.variables import REFERENCE, SECRETS_NAME, Variables
from rentalsync_pipeline.control.written.yaml_lines import Finding
from rentalsync_pipeline.core.portfolio import BUSY, DEFAULT_FIELDS, FOR, OWNER
from rentalsync_pipeline.core.secret import Secret

_Entry = TypeVar("_Entry", bound=Entry)
_STAND_IN = FileEntry(version=1, defaults=DefaultsEntry(timezone="UTC"))
"""For a file whose head is wrong: its listings and connections are checked all the same."""


def load(path: Path, *, channels: Collection[str], env: Mapping[str, str]) -> Document:
    """The rows that a file asks for; `channels` are those that a connection may name.

    Raises `ConfigError` with all problems of the file at once.
    """
    variables = Variables(path.parent / SECRETS_NAME, env)
    return parse(_read(path), path, channels=channels, variables=variables)


def parse(text: str, path: Path, *, channels: Collection[str], variables: Variables) -> Document:
    """`load` for text that stands, or is to stand, in the file `path`."""
    try:
        yaml = yaml_lines.read(text)
    except yaml_lines.UnreadableYamlError as error:
        problem = Problem(path, error.line, "", error.message, "correct this line or the one above")
        raise ConfigError([problem]) from None
    found = list(yaml.findings)
    entries = _entries(yaml.data, channels, variables, found)
    found += checks.findings(entries)
    if found:
        raise ConfigError(
            Problem(path, yaml.line(steps), written(steps), message, remedy)
            for steps, message, remedy in found
        )
    return _document(entries)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problem = Problem(path, 1, "", "there is no such file", "`rentalsync init` makes one")
    except UnicodeDecodeError:
        problem = Problem(path, 1, "", "is not UTF-8", "save it as UTF-8")
    raise ConfigError([problem])


def _entries(data: Any, channels: Collection[str], variables: Variables, found: list[Finding]) -> Entries:
    """The entries that are right in themselves; what is wrong with the others goes to `found`."""
    listings, connections = _items(data, "listings"), _items(data, "connections")
    return Entries(
        file=_entry(FileEntry, data, (), found) or _STAND_IN,
        listings=_each(ListingEntry, listings, "listings", found),
        connections=_each(ConnectionEntry, connections, "connections", found),
        slugs=_ids(listings, "slug"),
        ids=_ids(connections, "id"),
        channels=channels,
        variables=variables,
    )


def _items(data: Any, key: str) -> list[Any]:
    items = data.get(key) if isinstance(data, dict) else None
    return items if isinstance(items, list) else []


def _each(model: type[_Entry], items: list[Any], key: str, found: list[Finding]) -> dict[int, _Entry]:
    entries = ((at, _entry(model, item, (key, at), found)) for at, item in enumerate(items))
    return {at: entry for at, entry in entries if entry is not None}


def _entry(model: type[_Entry], data: Any, steps: Steps, found: list[Finding]) -> _Entry | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found += complaints.findings(model, error, steps)
        return None


def _ids(items: list[Any], key: str) -> set[str]:
    return {item[key] for item in items if isinstance(item, dict) and isinstance(item.get(key), str)}


def _document(entries: Entries) -> Document:
    listings, connections = entries.listings.values(), entries.connections.values()
    return Document(
        tables={
            SETTINGS: {PORTFOLIO: _settings(entries.file)},
            LISTINGS: {entry.slug: listing_row(entry, entries.file.defaults) for entry in listings},
            CONNECTIONS: {entry.id: connection_row(entry) for entry in connections},
            ALERTS: _alerts(entries.file.alerts),
        },
        renamed={
            LISTINGS: {entry.slug: entry.renamed_from for entry in listings if entry.renamed_from},
            CONNECTIONS: {entry.id: entry.renamed_from for entry in connections if entry.renamed_from},
        },
    )


def _settings(file: FileEntry) -> Row:
    return as_row({"public_url": file.public_url, **file.settings.model_dump()})


def listing_row(entry: ListingEntry, defaults: DefaultsEntry) -> Row:
    """An entry of `listings` as a row."""
    fields = DEFAULT_FIELDS if entry.fields is None else entry.fields
    audiences = entry.feed.audiences
    return as_row(
        {
            "name": entry.name or entry.slug.replace("-", " ").title(),
            "timezone": entry.timezone or defaults.timezone,
            "check_in": entry.check_in or defaults.check_in,
            "check_out": entry.check_out or defaults.check_out,
            "enabled": entry.enabled,
            "sync": entry.sync,
            "token": entry.feed.token,
            "style": str(entry.feed.style),
            "audiences": None if audiences is None else [_audience(name) for name in audiences],
            "blocks": str(entry.feed.blocks),
            "fields": [[field.name, field.label, field.enabled] for field in fields],
            "rooms": list(entry.rooms),
        }
    )


def _audience(name: str) -> str:
    return name if name in (OWNER, BUSY) else FOR + name


def connection_row(entry: ConnectionEntry) -> Row:
    """An entry of `connections` as a row."""
    return as_row(
        {
            "channel": entry.channel,
            "listing": entry.listing,
            "url": entry.url,
            "base_url": entry.base_url,
            "interval": entry.interval,
            "misses": entry.absence.misses,
            "wait": entry.absence.minutes * 60,
            "quarantine": entry.absence.quarantine_hours * 3600,
            "imports": entry.imports,
            "end_is_last_night": entry.end_is_last_night,
            "enabled": entry.enabled,
            "acknowledge": entry.acknowledge,
            "webhook_secret": entry.webhook_secret,
            **{CREDENTIAL + name: value for name, value in (entry.credentials or {}).items()},
            **{MAPPED + upstream: slug for upstream, slug in entry.listings.items()},
        }
    )


def _alerts(entries: list[AlertEntry]) -> Rows:
    return dict(_alert(entry, *place) for entry in entries for place in entry.given.items())


def _alert(entry: AlertEntry, kind: str, place: str | Secret | list[str]) -> tuple[str, Row]:
    url = None if isinstance(place, list) else place
    return _alert_id(kind, place), as_row(
        {"kind": kind, "url": url, "to": entry.to, "command": entry.command}
    )


def _alert_id(kind: str, place: str | Secret | list[str]) -> str:
    """An alert is what it calls: the id tells two of them apart and names neither's URL."""
    if isinstance(place, str) and REFERENCE.fullmatch(place):
        return f"{kind} {place}"
    if isinstance(place, list):
        shown, whole = Path(place[0]).name, "\0".join(place)
    else:
        url = Secret(place) if isinstance(place, str) else place
        shown, whole = url.host, url.reveal()
    return f"{kind} {shown} {sha256(whole.encode()).hexdigest()[:6]}"
