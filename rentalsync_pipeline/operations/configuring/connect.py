"""`add`: a pasted calendar URL becomes a connection.

Belongs here: what the entry says and where the secret goes. Does not: how text is put into a YAML file
(`control.written.yaml_append`), applying it (`apply`). A URL opens the calendar to anybody, so it goes to
`secrets.env` and the YAML only names the variable. What would not be a right configuration afterwards is
not written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TypeVar

from rentalsync_pipeline.control.written import config, forms
from rentalsync_pipeline.control.written.document import CONNECTIONS, LISTINGS, TABLES, Document, Rows
from rentalsync_pipeline.control.written.files import write_atomically
from rentalsync_pipeline.control.written.problems import WrongValueError
from rentalsync_pipeline.control.written.variables import (
    REFERENCE,
    SECRETS_NAME,
    MissingVariable,
    Variables,
    add_variable,
)
from rentalsync_pipeline.control.written.yaml_append import NoPlaceError, append
from rentalsync_pipeline.core.secret import Secret

ANY_CALENDAR = "ical"
_Formed = TypeVar("_Formed")


class AddError(Exception):
    """Why nothing was added, and what to say instead."""


@dataclass(frozen=True, slots=True)
class Added:
    """What was written: a connection, for a new listing or one that was there."""

    connection: str
    channel: str
    listing: str
    is_new_listing: bool
    variable: str | None
    """The variable of secrets.env that holds the URL; `None` for a file or a reference."""


def add(
    path: Path,
    address: str,
    *,
    recognise: Callable[[str], str | None],
    channels: Collection[str],
    env: Mapping[str, str],
    listing: str | None = None,
    connection: str | None = None,
) -> Added:
    """Write a connection to `address` (a URL, a file or a `${NAME}`) into the configuration at `path`.

    The listing may be new; without one there must be just one to choose from.

    Raises:
        AddError: it can't be told what is meant, or it is there already; nothing is changed.
        ConfigError: the configuration is wrong, or would be; nothing is changed.
    """
    document = config.load(path, channels=channels, env=env)
    variables = Variables(path.parent / SECRETS_NAME, env)
    target = _target(address, path.parent, channels)
    asked = _resolved(target, variables)
    _refuse_doubled(asked, document.rows(CONNECTIONS), variables)
    channel = recognise(asked) or ANY_CALENDAR
    slug, name = _names(document, channel, listing, connection)
    variable = _variable(name, variables) if isinstance(target, Secret) else None
    added = Added(name, channel, slug, slug not in document.rows(LISTINGS), variable)
    secrets = {variable: asked} if variable else {}
    text = _written(path, added, url=f"${{{variable}}}" if variable else str(target))
    known = Variables(variables.file, {**env, **secrets})
    _verify(config.parse(text, path, channels=channels, variables=known), document, added)
    for new, secret in secrets.items():
        add_variable(variables.file, new, secret)
    write_atomically(path, text, mode=path.stat().st_mode & 0o777)
    return added


def _target(address: str, folder: Path, channels: Collection[str]) -> str | Secret:
    """What is to be asked: a secret URL, a reference, or a path as it is to stand in the configuration."""
    if address in channels:
        raise AddError(
            f"`{address}` is a channel: add the URL of the calendar that it exports, or write the "
            "`credentials:` of an account into the configuration"
        )
    target = _formed(forms.location, address)
    if isinstance(target, Secret) or REFERENCE.fullmatch(target) or "://" in target:
        return target
    file, folder = Path(target).expanduser().resolve(), folder.resolve()
    if not file.is_file():
        raise AddError(f"there is no file {file}")
    return str(file.relative_to(folder) if file.is_relative_to(folder) else file)


def _formed(form: Callable[[object], _Formed], value: str) -> _Formed:
    try:
        return form(value)
    except WrongValueError as error:
        raise AddError(f"{error.message}: {error.remedy}") from None


def _resolved(url: str | Secret, variables: Variables) -> str:
    """The address that is asked in the end, in the clear."""
    try:
        return url.reveal() if isinstance(url, Secret) else variables.resolve(url)
    except MissingVariable as error:
        raise AddError(str(error)) from None


def _refuse_doubled(asked: str, connections: Rows, variables: Variables) -> None:
    for name, row in connections.items():
        url = row.get("url")
        if isinstance(url, str | Secret) and _resolved(url, variables) == asked:
            raise AddError(f"connection `{name}` asks this very calendar already")


def _names(document: Document, channel: str, listing: str | None, connection: str | None) -> tuple[str, str]:
    """The listing's slug and the connection's id, as given or as can be told without asking."""
    slugs, ids = document.rows(LISTINGS), document.rows(CONNECTIONS)
    slug = _formed(forms.slug, listing) if listing else _only(slugs)
    if not connection:
        return slug, _free(f"{slug}-{channel}".replace("_", "-"), "-", ids)
    if connection in ids:
        raise AddError(f"connection `{connection}` is there already: choose another name")
    return slug, _formed(forms.slug, connection)


def _only(slugs: Collection[str]) -> str:
    if len(slugs) == 1:
        return next(iter(slugs))
    choice = f" (there are {', '.join(sorted(slugs)[:12])})" if slugs else ""
    raise AddError(f"say which listing it is of, new or not{choice}: `--listing SLUG`")


def _variable(connection: str, variables: Variables) -> str:
    return _free(f"ICAL_{connection}".replace("-", "_").upper(), "_", variables)


def _free(name: str, separator: str, taken: Container[str]) -> str:
    """The name, or the first with a number behind it that is not taken."""
    numbered = (f"{name}{separator}{number}" for number in count(2))
    return next(each for each in chain([name], numbered) if each not in taken)


def _written(path: Path, added: Added, url: str) -> str:
    """The text of the configuration with the new entries in it."""
    text = path.read_bytes().decode()
    try:
        if added.is_new_listing:
            name = added.listing.replace("-", " ").title()
            text = append(text, LISTINGS, {"slug": added.listing, "name": name})
        entry = {"id": added.connection, "channel": added.channel, "listing": added.listing, "url": url}
        return append(text, CONNECTIONS, entry)
    except NoPlaceError as error:
        raise AddError(f"{error}: write the connection into {path} by hand") from None


def _verify(outcome: Document, before: Document, added: Added) -> None:
    """Nothing but the new entries may have changed by the way."""
    new = {LISTINGS: {added.listing} if added.is_new_listing else set(), CONNECTIONS: {added.connection}}
    for table in TABLES:
        rest = {key: row for key, row in outcome.rows(table).items() if key not in new.get(table, ())}
        if rest != before.rows(table):
            raise AddError(f"`{table}:` can't be added to without harm: write the connection by hand")
