"""Callers who are known by where they come from: STANDALONE_MODE, Home Assistant's Ingress.

Belongs here: who that is, and what a browser sends in their name without their knowing. Does not: tokens and
roles (`auth`). A header of the Ingress counts only from a proxy that the settings name: anybody else can
write it, too.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request

from rentalsync_pipeline.bridge.errors import Refused
from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.core.access import Caller, Role

_INGRESS_USERS = ("x-remote-user-name", "x-remote-user-id", "x-ingress-user")
"""Those that Home Assistant sends, which no user of it can write; then the contract's, which it passes on."""
_LONGEST_NAME = 100
_LOCAL_ZONES = (".local", ".localhost", ".internal", ".home.arpa", ".lan")
"""Endings of names that nobody can buy (RFC 6761, 6762, 8375, and common use)."""
_HARMLESS = {"GET", "HEAD"}


def surrounding(request: Request, settings: BridgeSettings) -> Caller | None:
    """A caller who is known without presenting anything; `Refused` if another web site may be asking."""
    caller = _surrounding(request, settings)
    if caller and _is_sent_by_another_site(request):
        raise Refused(403, "Not allowed", "another web site sent this request")
    if caller and settings.standalone and not _is_local_name(request.headers.get("host", "")):
        raise Refused(
            403, "Not allowed", "STANDALONE_MODE answers at an address or a local name: others may lead here"
        )
    return caller


def peer(request: Request) -> str:
    """The address at the other end of the connection, whatever headers say."""
    return request.client.host if request.client else ""


def _surrounding(request: Request, settings: BridgeSettings) -> Caller | None:
    if settings.standalone:
        return Caller("standalone mode", Role.ADMIN)
    if not settings.trusts(peer(request)):
        return None
    user = next(filter(None, map(request.headers.get, _INGRESS_USERS)), None)
    return Caller(_name(user), Role.ADMIN, "Ingress") if user else None


def _name(header: str) -> str:
    """Home Assistant writes names as UTF-8, which a header is not read as."""
    return header.encode("latin-1").decode("utf-8", "replace")[:_LONGEST_NAME]


def _is_sent_by_another_site(request: Request) -> bool:
    """Whether the browser says so; of another port of this machine, where it is more than a look."""
    site = request.headers.get("sec-fetch-site")
    return site == "cross-site" or (site == "same-site" and request.method not in _HARMLESS)


def _is_local_name(host: str) -> bool:
    """Whether no web site can have called us by that name, having let its own lead here (DNS rebinding)."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return "." not in name or name.endswith(_LOCAL_ZONES) or bool(ip_address(name))
    except ValueError:
        return False
