"""Where a pasted URL must not lead: each vector refused before a single packet leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import httpcore
import pytest

from rentalsync_pipeline.channels.wire.guard import Guard, resolve
from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.verdict import Reason
from rentalsync_pipeline_tests.channels.loopback import (
    CALENDAR,
    Names,
    answering,
    client,
    http,
    raw_server,
    reason,
)

pytestmark = pytest.mark.anyio

PUBLIC = "93.184.215.14"

FORBIDDEN = {
    "loopback": "http://127.0.0.1/a.ics",
    "all of 127/8": "http://127.7.7.7/a.ics",
    "localhost by name": "http://localhost/a.ics",
    "localhost with a dot": "http://localhost./a.ics",
    "this network": "http://0.0.0.0/a.ics",
    "RFC 1918, ten": "http://10.0.0.1/a.ics",
    "RFC 1918, 172.16": "http://172.31.255.254/a.ics",
    "RFC 1918, 192.168": "https://192.168.1.1/a.ics",
    "link-local": "http://169.254.1.1/a.ics",
    "cloud metadata": "http://169.254.169.254/latest/meta-data/",
    "Azure platform": "http://168.63.129.16/a.ics",
    "carrier-grade NAT": "http://100.64.0.1/a.ics",
    "Alibaba metadata": "http://100.100.100.200/a.ics",
    "multicast": "http://224.0.0.1/a.ics",
    "broadcast": "http://255.255.255.255/a.ics",
    "reserved": "http://240.0.0.1/a.ics",
    "benchmarking": "http://198.18.0.1/a.ics",
    "documentation": "http://203.0.113.7/a.ics",
    "IPv6 loopback": "http://[::1]/a.ics",
    "IPv6 unspecified": "http://[::]/a.ics",
    "IPv6 link-local": "http://[fe80::1]/a.ics",
    "IPv6 unique local": "http://[fd00:ec2::254]/a.ics",
    "IPv6 multicast": "http://[ff02::1]/a.ics",
    "IPv6 documentation": "http://[2001:db8::1]/a.ics",
    "IPv4-mapped": "http://[::ffff:127.0.0.1]/a.ics",
    "IPv4-compatible": "http://[::7f00:1]/a.ics",
    "NAT64": "http://[64:ff9b::7f00:1]/a.ics",
    "NAT64 of a local network": "http://[64:ff9b:1::7f00:1]/a.ics",
    "6to4": "http://[2002:7f00:1::]/a.ics",
    "Teredo": "http://[2001:0:7f00:1::]/a.ics",
    "decimal": "http://2130706433/a.ics",
    "hexadecimal": "http://0x7f000001/a.ics",
    "hexadecimal parts": "http://0x7f.0.0.1/a.ics",
    "octal": "http://0177.0.0.1/a.ics",
    "short": "http://127.1/a.ics",
    "full-width digits": "http://１２７.０.０.１/a.ics",
    "a name that points inside": "http://inside.example/a.ics",
    "a name with mixed answers": "http://mixed.example/a.ics",
    "an odd port": "http://public.example:22/a.ics",
    "userinfo": "http://airbnb.com@public.example/a.ics",
    "userinfo with a backslash": "http://airbnb.com\\@public.example/a.ics",
    "another scheme": "ftp://public.example/a.ics",
    "gopher": "gopher://public.example:80/_GET",
    "no host": "http:///a.ics",
    "no scheme": "//public.example/a.ics",
    "control character": "http://public.example/\x00a.ics",
    "broken brackets": "http://[::1/a.ics",
}
NAMES: Mapping[str, Sequence[str]] = {
    "localhost": ("127.0.0.1", "::1"),
    "inside.example": ("10.1.2.3",),
    "mixed.example": (PUBLIC, "127.0.0.1"),
    "public.example": (PUBLIC,),
}


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that anyone tried to connect to; nobody gets through."""
    tried: list[str] = []

    async def connect(_: object, host: str, *rest: object) -> httpcore.AsyncNetworkStream:
        tried.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    return tried


@pytest.mark.parametrize("url", FORBIDDEN.values(), ids=FORBIDDEN.keys())
async def test_a_forbidden_url_is_refused_without_a_connection(url: str, connections: list[str]) -> None:
    async with client(allow=(), resolver=Names(NAMES)) as transport:
        response = await transport.get(Secret(url))

    assert reason(response) is Reason.REFUSED_ADDRESS
    assert connections == []


async def test_a_public_host_is_connected_to_by_the_address_that_was_checked(connections: list[str]) -> None:
    names = Names({"public.example": (PUBLIC, "2606:2800:21f::1")})
    async with client(allow=(), resolver=names) as transport:
        response = await transport.get(Secret("https://public.example/a.ics"))

    assert reason(response) is Reason.UNREACHABLE
    assert connections[:2] == [PUBLIC, "2606:2800:21f::1"]  # in the resolver's order, and all of them


async def test_each_connection_resolves_once_so_that_rebinding_has_no_moment() -> None:
    class Rebinding(Names):
        async def __call__(self, host: str, port: int) -> Sequence[str]:
            await super().__call__(host, port)
            return ("127.0.0.1",) if len(self.asked) == 1 else ("169.254.169.254",)

    names = Rebinding()
    async with (
        raw_server(answering(http())) as port,
        client(resolver=names) as transport,
    ):
        url = Secret(f"http://rebinding.example:{port}/a.ics")
        first = await transport.get(url)
        assert names.asked == ["rebinding.example"]
        second = await transport.get(url)

    assert first.body == CALENDAR
    assert reason(second) is Reason.REFUSED_ADDRESS


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/",
        "http://127.0.0.1:{port}/inside",
        "http://[::ffff:a9fe:a9fe]/",
        "//10.0.0.1/",
    ],
)
async def test_a_redirect_is_checked_like_the_first_address(location: str) -> None:
    requests = 0

    async def redirect(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        requests += 1
        writer.write(http(b"", "302 Found", Location=location.format(port=port)))

    async with (
        raw_server(redirect) as port,
        client(allow=("mine.example",), resolver=Names({"mine.example": ("127.0.0.1",)})) as transport,
    ):
        response = await transport.get(Secret(f"http://mine.example:{port}/a.ics"))

    assert reason(response) is Reason.REFUSED_ADDRESS
    assert requests == 1


@pytest.mark.parametrize("entry", ["127.0.0.1", "127.0.0.0/8", "127.0.0.1/8", "Server.Example"])
async def test_an_allowed_host_address_or_network_may_be_private_and_on_any_port(entry: str) -> None:
    guard = Guard.allowing([entry], Names({"server.example": ("127.0.0.1",)}))

    assert await guard.addresses("server.example", 81) == ["127.0.0.1"]


async def test_allowing_one_network_opens_no_other() -> None:
    guard = Guard.allowing(["192.168.1.0/24"], Names({"server.example": ("192.168.1.9", "192.168.2.9")}))

    with pytest.raises(FetchError):
        await guard.addresses("server.example", 443)


@pytest.mark.parametrize("address", [PUBLIC, "2a00:1450:4001:82a::200e", "64:ff9b::5db8:d70e"])
async def test_the_public_internet_is_let_through(address: str) -> None:
    guard = Guard.allowing([], Names())

    assert await guard.addresses(address, 443) == [address]
    assert await guard.addresses(address, 8443) == [address]


@pytest.mark.parametrize("host", ["nowhere.example", "a" * 64 + ".example"])
async def test_a_name_without_an_address_is_unreachable(host: str) -> None:
    with pytest.raises(FetchError) as error:
        await Guard.allowing([], Names()).addresses(host, 443)

    assert error.value.failure.reason is Reason.UNREACHABLE


async def test_a_name_that_cannot_even_be_asked_for_is_unreachable() -> None:
    with pytest.raises(FetchError) as error:
        await Guard.allowing([], resolve).addresses("a" * 64 + ".invalid", 443)

    assert error.value.failure.reason is Reason.UNREACHABLE


async def test_the_system_resolver_gives_each_address_once() -> None:
    found = await resolve("127.0.0.1", 80)

    assert found == ["127.0.0.1"]
