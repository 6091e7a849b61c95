"""Who calls, and whether that caller may.

Belongs here: bearer tokens, roles, the limit on failures. Does not: who is known without a token
(`surroundings`), what a token is (`operations.configuring.access`), what is in a JWT (`jwts`).
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from ipaddress import ip_address
from threading import Lock
from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from rentalsync_pipeline.bridge.context import Bridge, Here, bridge_of
from rentalsync_pipeline.bridge.errors import Refused
from rentalsync_pipeline.bridge.once import claim
from rentalsync_pipeline.bridge.surroundings import peer, surrounding
from rentalsync_pipeline.core.access import Caller, Role
from rentalsync_pipeline.operations.configuring.access import recognise

_CHALLENGE = {"WWW-Authenticate": "Bearer"}
A_TOKEN = "present a token of `rentalsync token create` as `Authorization: Bearer …`"  # noqa: S105 no password
_bearer = HTTPBearer(auto_error=False, description="A token of `rentalsync token create`.")
Presented = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


class Door(Enum):
    """Where something wrong is presented; each counts by itself.

    Behind a proxy all have one address, and who forges webhooks there must not keep the owner out.
    """

    TOKENS = auto()
    WEBHOOKS = auto()


class Failures:
    """How often each address has presented something wrong lately."""

    LIMIT = 10
    WINDOW = timedelta(minutes=1)
    _ADDRESSES = 10_000
    """Remembered at the most, so that a flood of addresses fills no memory."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._lock = Lock()

    def wait(self, address: str, now: datetime) -> int:
        """Seconds until that address may try again; 0 where it may now."""
        with self._lock:
            count, until = self._counts.get(_household(address), (0, now))
        return int((until - now).total_seconds()) + 1 if count >= self.LIMIT and now < until else 0

    def add(self, address: str, now: datetime) -> None:
        """Note a failure."""
        household = _household(address)
        with self._lock:
            count, until = self._counts.pop(household, (0, now))
            self._counts[household] = (count + 1, until) if now < until else (1, now + self.WINDOW)
            while len(self._counts) > self._ADDRESSES:
                self._counts.popitem(last=False)


def needs(role: Role) -> Callable[..., Caller]:
    """A dependency: the caller, who has at least that role."""

    def admit(request: Request, here: Here, presented: Presented) -> Caller:
        caller = surrounding(request, here.settings)
        if caller is None:
            caller = bearer_of(request, presented, lambda token: owner_of(here, token), A_TOKEN)
        return admitted(request, role, caller)

    return admit


def admitted(request: Request, role: Role, caller: Caller) -> Caller:
    """The caller of a route, held to its role; raises what is answered where they asked the same before."""
    claim(request, held_to(role, caller))
    return caller


def held_to(role: Role, caller: Caller) -> Caller:
    """The caller, if of that role at least; else `Refused`."""
    if not caller.role.allows(role):
        raise Refused(403, "Not allowed", f"this needs the role {role}; {caller.name} has {caller.role}")
    return caller


def bearer_of(
    request: Request,
    presented: HTTPAuthorizationCredentials | None,
    recognise: Callable[[str], Caller | None],
    wanted: str,
) -> Caller:
    """Whose token was presented; `Refused` if nobody's, or after too many wrong ones from that address."""
    refuse_pressed(request, Door.TOKENS)
    if presented is None:
        raise Refused(401, "Authentication required", wanted, _CHALLENGE)
    caller = recognise(presented.credentials)
    if caller is None:
        note_failure(request, Door.TOKENS)
        raise Refused(401, "Authentication failed", wanted, _CHALLENGE)
    return caller


def refuse_pressed(request: Request, door: Door) -> None:
    """Raise `Refused` where too much that was wrong came from that address lately."""
    if wait := _failures(request, door).wait(peer(request), bridge_of(request).now()):
        raise Refused(429, "Too many failed attempts", headers={"Retry-After": str(wait)})


def note_failure(request: Request, door: Door) -> None:
    """Note that something wrong was presented."""
    _failures(request, door).add(peer(request), bridge_of(request).now())


Reader = Annotated[Caller, Depends(needs(Role.READ))]
Operator = Annotated[Caller, Depends(needs(Role.OPERATOR))]
Admin = Annotated[Caller, Depends(needs(Role.ADMIN))]


def owner_of(here: Bridge, token: str) -> Caller | None:
    """Whose token that is; `None` for nobody's."""
    key = here.settings.key
    if key and hmac.compare_digest(key.reveal().encode(), token.encode()):
        return Caller("the API key", Role.ADMIN)
    return recognise(here.control, token)


def _failures(request: Request, door: Door) -> Failures:
    return cast("Failures", request.app.state.failures[door])


def _household(address: str) -> str:
    """The part of an address that its owner can't change at will: of IPv6 the network (RFC 6177)."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return known.exploded[:19] if known.version == 6 else address
