"""Which channels there are.

Belongs here: finding them. Does not: a list of them. A module of this package that defines `CHANNEL` is
one, so that a new channel is one new file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from rentalsync_pipeline import channels as package
from rentalsync_pipeline.channels.base import Channel

ANY_CALENDAR = "ical"


@cache
def channels() -> Mapping[str, Channel]:
    """Every channel by its name, in the order of the names."""
    modules = (import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__))
    found: list[Channel] = [module.CHANNEL for module in modules if hasattr(module, "CHANNEL")]
    return MappingProxyType({channel.name: channel for channel in sorted(found, key=lambda c: c.name)})


def recognise(url: str) -> str:
    """The name of the channel that a pasted URL belongs to; `ical`, any calendar, where none knows it."""
    return next((name for name, channel in channels().items() if channel.recognises(url)), ANY_CALENDAR)


def titles() -> Mapping[str, str]:
    """How people call each channel, by its name."""
    return {name: channel.title for name, channel in channels().items()}


def colors() -> Mapping[str, str]:
    """The colour of each channel, by its name."""
    return {name: channel.color for name, channel in channels().items()}
