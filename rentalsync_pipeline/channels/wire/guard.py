"""Where a request may go: the guard against addresses that a pasted URL must not reach (SSRF).

Belongs here: the rules for URLs and addresses, and asking the resolver once. Does not: connecting to
what was checked (`transport`).
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.core.verdict import Reason

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""From host and port to addresses; raises `OSError` where there are none."""

SPECIAL_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's platform service: a public number that never leaves the machine's host
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
"""IANA's special-purpose registry and multicast. Our own list: `ipaddress` changed its mind between
patch releases of Python."""

GLOBAL_V6 = IPv6Network("2000::/3")
"""All that IANA gives out for the public internet. What lies outside is refused, and with it loopback,
link-local, unique local, multicast and every way to write an IPv4 address (but NAT64's)."""

SPECIAL_V6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
"""Inside `GLOBAL_V6` but not public: Teredo and other protocol assignments, documentation, 6to4."""

NAT64 = IPv6Network("64:ff9b::/96")
"""How a network without IPv4 reaches IPv4 (RFC 6052): judged by the address that it carries."""

NUMERIC = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)", re.IGNORECASE)
"""Hosts that resolvers read as a number (`2130706433`, `0x7f.1`); only the usual form is let through."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Decides about hosts and addresses; `allowing` makes one from the settings."""

    hosts: frozenset[str]
    networks: tuple[IPv4Network | IPv6Network, ...]
    servers: frozenset[tuple[str, int]]
    resolver: Resolver

    @classmethod
    def allowing(cls, entries: Sequence[str], resolver: Resolver, local: Sequence[str] = ()) -> Guard:
        """A guard that makes an exception for these hosts, addresses and networks (CIDR).

        `local` are `base_url`s: those on this very machine are allowed, by address and port.
        """
        networks = {entry: network for entry in entries if (network := _network(entry))}
        hosts = frozenset(entry.lower() for entry in entries if entry not in networks)
        return cls(hosts, tuple(networks.values()), frozenset(_on_loopback(local)), resolver)

    def exempts(self, host: str, port: int) -> bool:
        """Whether a host, as it is written, may be private."""
        written = _address(host)
        return (
            host.lower() in self.hosts
            or (host, port) in self.servers
            or (written is not None and any(written in network for network in self.networks))
        )

    async def addresses(self, host: str, port: int) -> list[str]:
        """Every address of the host, to connect to and not to resolve again.

        One that is not allowed refuses them all: a name with mixed answers is an attack or a mistake.

        Raises:
            FetchError: The host is not allowed, or it has no address.
        """
        found = await self._resolve(host.rstrip("."), port)
        if self.exempts(host.rstrip("."), port):
            return found
        for address in map(_without_zone, found):
            if any(address in network for network in self.networks):
                continue
            if not is_public(address):
                raise FetchError(Reason.REFUSED_ADDRESS, "it is not on the public internet")
            if port < 1024 and port not in (80, 443):
                raise FetchError(Reason.REFUSED_ADDRESS, "its port is not one of the web's")
        return found

    async def _resolve(self, host: str, port: int) -> list[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            if NUMERIC.fullmatch(host):
                raise FetchError(Reason.REFUSED_ADDRESS, "its host is a disguised number") from None
        try:
            found = list(await self.resolver(host, port))
        except (OSError, UnicodeError):  # the latter for a name that no resolver can be asked for
            found = []
        if not found:
            raise FetchError(Reason.UNREACHABLE, "its name has no address")
        return found


def check_url(scheme: str, host: str, *, userinfo: bool) -> None:
    """Refuse what is not a plain web address, before anyone is asked about the host.

    Raises:
        FetchError: The scheme is not http or https, there is no host, or a user stands before it.
    """
    if scheme not in ("http", "https") or not host:
        raise FetchError(Reason.REFUSED_ADDRESS, "only http and https addresses are fetched")
    if userinfo:
        raise FetchError(Reason.REFUSED_ADDRESS, "it has a user name before the host")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address belongs to the public internet."""
    if isinstance(address, IPv6Address):
        if address not in NAT64:
            return address in GLOBAL_V6 and not any(address in network for network in SPECIAL_V6)
        address = IPv4Address(int(address) & 0xFFFFFFFF)
    return not any(address in network for network in SPECIAL_V4)


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver, as the resolver of a `Guard`."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(socket_address[0]) for *_, socket_address in found))


def _on_loopback(urls: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The servers among these addresses that are on this machine, by address or as `localhost` (RFC 6761)."""
    for url in urls:
        parts = urlsplit(url)
        host = parts.hostname or ""
        written = _address(host)
        if host == "localhost" or (written is not None and written.is_loopback):
            yield host, parts.port or (443 if parts.scheme == "https" else 80)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _network(entry: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(entry, strict=False)
    except ValueError:
        return None


def _without_zone(address: str) -> IPv4Address | IPv6Address:
    return ip_address(address.partition("%")[0])
