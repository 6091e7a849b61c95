"""Each channel manager beside its simulator: what a town needs to have an account there."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from rentalsync_pipeline_tests.operations.town import Row, Town
from rentalsync_pipeline_tests.simulators.beds24 import Beds24
from rentalsync_pipeline_tests.simulators.booking_com import BookingCom
from rentalsync_pipeline_tests.simulators.channex import Channex
from rentalsync_pipeline_tests.simulators.expedia import Expedia
from rentalsync_pipeline_tests.simulators.google import GoogleCalendar
from rentalsync_pipeline_tests.simulators.guesty import Guesty
from rentalsync_pipeline_tests.simulators.hospitable import Hospitable
from rentalsync_pipeline_tests.simulators.hostaway import Hostaway
from rentalsync_pipeline_tests.simulators.lodgify import Lodgify
from rentalsync_pipeline_tests.simulators.ownerrez import OwnerRez
from rentalsync_pipeline_tests.simulators.people import uuid
from rentalsync_pipeline_tests.simulators.server import Simulator
from rentalsync_pipeline_tests.simulators.smoobu import Smoobu
from rentalsync_pipeline_tests.simulators.world import Listing, World, village


@dataclass(frozen=True)
class Manager:
    """One vendor. `blocks`: whether its API tells of owners' blocks; `requests`: whether of requests."""

    simulator: Callable[..., Simulator]
    credentials: Callable[[Any], Row]
    unit: Callable[[Any, Listing], object]
    """The id of a listing there."""
    blocks: bool = True
    requests: bool = True


MANAGERS: Mapping[str, Manager] = {
    "hostaway": Manager(Hostaway, lambda api: api.client, lambda api, home: api.listing(home)["id"]),
    "hospitable": Manager(
        Hospitable,
        lambda api: {"token": api.key},
        lambda api, home: uuid("property", home.number),
        blocks=False,
    ),
    "smoobu": Manager(
        Smoobu,
        lambda api: {"api_key": api.key},
        lambda api, home: api.apartment(home)["id"],
        requests=False,
    ),
    "beds24": Manager(
        Beds24,
        lambda api: {"invite_code": api.invitations.new(api.now)},
        lambda api, home: f"{api.property_id(home.house)}/{api.room_id(home)}",
    ),
    "guesty": Manager(
        Guesty, lambda api: api.client, lambda api, home: api.listing(home)["_id"], blocks=False
    ),
    "lodgify": Manager(
        Lodgify,
        lambda api: {"api_key": api.key},
        lambda api, home: f"{api.property(home)['id']}/{api.property(home)['rooms'][0]['id']}",
        blocks=False,
    ),
    "ownerrez": Manager(
        OwnerRez,
        lambda api: {"email": api.user, "token": api.token},
        lambda api, home: api.property(home)["id"],
    ),
    "channex": Manager(
        Channex,
        lambda api: {"api_key": api.key},
        lambda api, home: f"{uuid('property', home.house)}/{api.room_type(home)}",
        blocks=False,
        requests=False,
    ),
}


@dataclass
class Office:
    """Two listings in one house, and the account that tells of them."""

    town: Town
    world: World
    api: Any
    manager: Manager

    def sync(self, *, minutes: float = 15) -> None:
        """Let time pass for all, and sync; what was asked before is forgotten."""
        self.world.now = self.town.now + timedelta(minutes=minutes)
        self.api.asked.clear()
        self.town.sync(minutes=minutes)

    def nights(self, listing: str = "house-01-a") -> set[date]:
        return self.town.nights(listing)

    def holding(self, *words: str) -> set[str]:
        """Which of these words stand in any file of the home but the configuration, also in kept bodies."""
        files = [path for path in self.town.home.folder.rglob("*") if path.is_file()]
        texts = [_plain(path.read_bytes()) for path in files if path.name != "rentalsync.yaml"]
        return {word for word in words if any(word.encode() in text for text in texts)}

    def leaks(self) -> set[str]:
        """The credentials, and the tokens that they led to in this sync, that any such file holds."""
        given = self.town.connections["office"]["credentials"].values()
        shown = {asked.headers.get("token", "") or asked.bearer for asked in self.api.asked}
        return self.holding(*(secret for secret in {*given, *shown} if len(secret) > 12))


def _plain(content: bytes) -> bytes:
    """A file as it was before it was compressed."""
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


PARTNERS: Mapping[str, Manager] = {
    "booking_com": Manager(
        BookingCom,
        lambda api: dict(zip(("username", "password"), api.account, strict=True)),
        lambda api, home: f"{api.hotel_id(home.house)}/{api.hotel_id(home.house)}{home.number:02}",
        blocks=False,
        requests=False,
    ),
    "expedia": Manager(
        Expedia,
        lambda api: api.account,
        lambda api, home: f"{api.hotel_id(home.house)}/{200_123_000 + home.number}",
        blocks=False,
        requests=False,
    ),
    "google": Manager(
        GoogleCalendar,
        lambda api: {**api.client, "refresh_token": api.refresh_token},
        lambda api, home: api.calendar_id(home.slug),
    ),
}
"""Channels with an API of their own, for partners and for owners' calendars."""


@contextmanager
def opened(town: Town, channel: str, **connection: object) -> Iterator[Office]:
    """An account at a manager, its listings mapped to ours of the same name."""
    manager, world = {**MANAGERS, **PARTNERS}[channel], World(village(2, rooms=2), town.now)
    # Its limits are tried beside it: here time between two questions is what the pace would make it.
    api = manager.simulator(world, ticks=count(step=60).__next__)
    with api.serving() as url:
        for slug in world.listings:
            town.listing(slug)
        town.connections["office"] = {
            "channel": channel,
            "credentials": manager.credentials(api),
            "base_url": url,
            "listings": {str(manager.unit(api, home)): slug for slug, home in world.listings.items()},
            **connection,
        }
        town.apply()
        yield Office(town, world, api, manager)
