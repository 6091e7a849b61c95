"""Which channels there are.

Belongs here: finding them. Does not: a list of them. A module of this package that defines `CHANNEL` is a
channel with a calendar, one that defines `ACCOUNT` a channel with an API, so that a new channel is one new
file; a channel may have both, under one name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rentalsync_pipeline import channels as package
from rentalsync_pipeline.channels.webhooks import Webhook
from rentalsync_pipeline.core.portfolio import Connection, Ways

if TYPE_CHECKING:
    from rentalsync_pipeline.channels.account import AccountChannel
    from rentalsync_pipeline.channels.base import Channel

ANY_CALENDAR = "ical"


@cache
def channels() -> Mapping[str, Channel]:
    """Every channel by its name, in the order of the names; one with both by its calendar."""
    return _by_name({**accounts(), **calendars()})


@cache
def calendars() -> Mapping[str, Channel]:
    """The channels that can be asked by a URL."""
    return _found("CHANNEL")


@cache
def accounts() -> Mapping[str, AccountChannel]:
    """The channels that can be asked by credentials."""
    return _found("ACCOUNT")


def webhook_of(channel: str) -> Webhook:
    """How the webhooks of a channel prove themselves; one that sends none has the general way."""
    return accounts()[channel].webhook if channel in accounts() else Webhook()


def ways() -> Mapping[str, Ways]:
    """How each channel can be asked, by its name."""
    return {
        name: Ways(
            name in calendars(),
            tuple(way.needs for way in accounts()[name].api.auth) if name in accounts() else (),
        )
        for name in channels()
    }


def channel_of(connection: Connection) -> Channel:
    """The channel of a connection, by its calendar or by its API, as it is configured."""
    return accounts()[connection.channel] if connection.is_account else calendars()[connection.channel]


def _found(attribute: str) -> Mapping[str, Any]:
    modules = (import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__))
    found = (getattr(module, attribute) for module in modules if hasattr(module, attribute))
    return _by_name({channel.name: channel for channel in found})


def _by_name(found: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(sorted(found.items())))


def recognise(url: str) -> str:
    """The name of the channel that a pasted URL belongs to; `ical`, any calendar, where none knows it."""
    return next((name for name, channel in channels().items() if channel.recognises(url)), ANY_CALENDAR)


def titles() -> Mapping[str, str]:
    """How people call each channel, by its name."""
    return {name: channel.title for name, channel in channels().items()}


def colors() -> Mapping[str, str]:
    """The colour of each channel, by its name."""
    return {name: channel.color for name, channel in channels().items()}
