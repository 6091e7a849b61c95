"""The options of a Home Assistant add-on, filled in on its page, as a portfolio.

Belongs here: what each option comes to in rentalsync.yaml, secrets.env and the environment. Does not: the
page (`deploy/home-assistant`), applying the configuration (`apply`), which says what is wrong with it.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.written.files import PRIVATE, PUBLIC, write_atomically

ENVIRONMENT_NAME = "addon.env"
"""Beside the configuration: what `up` is told by its environment, as a shell reads it."""

_HEAD = "# Written anew from the add-on's options whenever it starts: change them there.\n"
_Line = Field(min_length=1, pattern=r"^[^\r\n]+$")


class OptionsError(Exception):
    """The options are not those of the add-on."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Calendar(_Form):
    """A calendar that a channel exports."""

    listing: str = _Line
    url: str = _Line
    channel: str | None = None


class Listing(_Form):
    """What a listing has that is not as usual."""

    slug: str = _Line
    name: str | None = None
    timezone: str | None = None


class Options(_Form):
    """All options; the names are those of the add-on's `config.yaml`."""

    calendars: tuple[Calendar, ...] = ()
    listings: tuple[Listing, ...] = ()
    cloudbeds_api_key: str | None = Field(None, pattern=r"^[^\r\n]*$")
    public_url: str | None = None
    timezone: str | None = None
    check_in: str = "15:00"
    check_out: str = "11:00"
    interval_minutes: int = 15
    max_listings: int = 50
    api_key: str | None = None
    alert_webhook: str | None = Field(None, pattern=r"^[^\r\n]*$")


@dataclass(frozen=True, slots=True)
class Told:
    """What options come to: the document of rentalsync.yaml, the secrets that it names, the environment."""

    document: Mapping[str, Any]
    secrets: Mapping[str, str]
    environment: Mapping[str, str]


def read(text: str) -> Options:
    """The options in an `options.json`; raises `OptionsError`, which quotes none of them."""
    try:
        return Options.model_validate_json(text)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, each['loc'])) or 'options'}: {each['msg']}" for each in error.errors())
        raise OptionsError("; ".join(faults)) from None


def told(options: Options, recognise: Callable[[str], str | None], timezone: str) -> Told:
    """What the options come to; `timezone` is the house's own, for listings that name none.

    A calendar's channel is recognised from its URL unless it is named, and a listing is made of every slug
    that a calendar names.
    """
    connections = list(_connections(options, recognise))
    secrets = {variable: secret for _, variable, secret in connections}
    document = {
        "version": 1,
        "public_url": options.public_url,
        "settings": {"interval": f"{options.interval_minutes}m"},
        "defaults": {
            "timezone": options.timezone or timezone,
            "check_in": options.check_in,
            "check_out": options.check_out,
        },
        "listings": list(_listings(options)),
        "connections": [entry for entry, _, _ in connections],
    }
    if options.alert_webhook:
        secrets["ALERT_WEBHOOK"] = options.alert_webhook
        document["alerts"] = [{"webhook": "${ALERT_WEBHOOK}"}]
    environment = {"MAX_LISTINGS": str(options.max_listings)}
    if options.api_key:
        environment["RENTALSYNC_API_KEY"] = options.api_key
    return Told(_given(document), secrets, environment)


def write(home: Home, told: Told) -> None:
    """Put the three files in place of what stood there."""
    text = yaml.safe_dump(told.document, allow_unicode=True, sort_keys=False)
    write_atomically(home.config, _HEAD + text, mode=PUBLIC)
    secrets = "".join(f"{name}={value}\n" for name, value in told.secrets.items())
    write_atomically(home.secrets, _HEAD + secrets, mode=PRIVATE)
    environment = "".join(f"{name}={shlex.quote(value)}\n" for name, value in told.environment.items())
    write_atomically(home.folder / ENVIRONMENT_NAME, environment, mode=PRIVATE)


def _listings(options: Options) -> Iterator[dict[str, Any]]:
    known = {each.slug: _given(each.model_dump()) for each in options.listings}
    slugs = dict.fromkeys([*known, *(each.listing for each in options.calendars)])
    yield from (known.get(slug, {"slug": slug}) for slug in slugs)


def _connections(
    options: Options, recognise: Callable[[str], str | None]
) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Each connection's entry, and the variable and the value of its secret."""
    seen: Counter[str] = Counter()
    for calendar in options.calendars:
        channel = calendar.channel or recognise(calendar.url) or "ical"
        name = f"{calendar.listing}-{channel}".replace("_", "-")
        seen[name] += 1
        name += f"-{seen[name]}" if seen[name] > 1 else ""
        variable = f"ICAL_{name}".replace("-", "_").upper()
        entry = {"id": name, "channel": channel, "listing": calendar.listing, "url": f"${{{variable}}}"}
        yield entry, variable, calendar.url
    if options.cloudbeds_api_key:
        key = "CLOUDBEDS_API_KEY"
        account = {"id": "cloudbeds", "channel": "cloudbeds", "credentials": {"api_key": f"${{{key}}}"}}
        yield account, key, options.cloudbeds_api_key


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was left open on the page."""
    return {name: value for name, value in values.items() if value not in (None, "")}
