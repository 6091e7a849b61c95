"""The way to every server: one client, guarded, paced and bounded.

Belongs here: sending one request and getting one whole answer or a failure; the only module that knows
the HTTP library. Does not: what is asked and what the answer says (each channel), which connections are
asked (`fetching`), the rules that it applies (`guard`, `pace`, `patience`, `decoding`).

Nothing here raises for what a server does, and nothing logs or raises a URL: it may hold a token.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import MappingProxyType, TracebackType
from typing import Self

import httpcore
import httpx

from rentalsync_pipeline.channels.wire.decoding import Inflow
from rentalsync_pipeline.channels.wire.guard import Guard, Resolver, check_url, resolve
from rentalsync_pipeline.channels.wire.pace import SHARED, Pace
from rentalsync_pipeline.channels.wire.patience import TRIES, pause, retry_at
from rentalsync_pipeline.channels.wire.request import DEADLINE, NO_HEADERS, Request
from rentalsync_pipeline.channels.wire.response import NOT_MODIFIED, FetchError, Response, judge, named
from rentalsync_pipeline.core.portfolio import Settings
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.verdict import Failure, Reason

SILENCE = 15.0
"""Seconds that a server may say nothing."""

CONNECTING = 5.0
"""Seconds for one address of a server to accept; then the next one is tried."""

REDIRECTS = 5

FAULTS: tuple[tuple[type[Exception], Reason, str], ...] = (
    (httpx.InvalidURL, Reason.REFUSED_ADDRESS, "it is no web address"),
    (UnicodeEncodeError, Reason.UNAUTHORISED, "a credential has letters that no header can carry"),
    (httpx.TimeoutException, Reason.TIMEOUT, ""),
    (httpx.RemoteProtocolError, Reason.TORN, "what came is no whole HTTP answer"),
    (httpx.TransportError, Reason.UNREACHABLE, ""),
)
"""What the HTTP library raises, the most special first. Its messages may quote the URL: never used."""

for _name in ("httpx", "httpcore"):
    # httpx logs every URL at INFO, httpcore every header at DEBUG.
    logging.getLogger(_name).setLevel(logging.WARNING)


class Transport:
    """An HTTP client for the length of one sync: use it as an async context manager.

    `clock` is the wall clock of the sync, for Retry-After and for the times of answers. `local` are the
    `base_url`s of accounts: of those, the ones on this machine may be asked although it is private.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime],
        local: Sequence[str] = (),
        resolver: Resolver = resolve,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        pace: Pace = SHARED,
    ) -> None:
        self.clock = clock
        self.sleep = sleep
        self._pace = pace
        self._user_agent = settings.user_agent
        self._guard = Guard.allowing(settings.allow_private, resolver, local)
        self._closing = AsyncExitStack()

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        """Made for the first request: reading the certificates takes longer than a small sync of files."""
        client = httpx.AsyncClient(
            transport=_CheckedTransport(self._guard),
            headers={b"User-Agent": self._user_agent.encode(), b"Accept-Encoding": b"gzip"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # no listing is told another's
            timeout=SILENCE,
            trust_env=False,  # a proxy would connect to what it resolves itself
        )
        self._closing.push_async_callback(client.aclose)
        return client

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._closing.aclose()

    async def get(
        self, url: Secret, *, headers: Mapping[str, str] = NO_HEADERS, deadline: float = DEADLINE
    ) -> Response:
        """What `send` makes of the simplest request: to whatever server, without a body."""
        return await self.send(Request(url, headers=headers, deadline=deadline))

    async def send(self, asked: Request) -> Response:
        """One whole answer, tried up to three times, or the failure of the last try.

        The deadline, in seconds, is for everything but the wait for this server's and account's turn. When
        it passes, the failure of an earlier try stands, as it tells more.
        """
        try:
            request = self._client.build_request(
                asked.method, asked.url.reveal(), headers=asked.headers, content=asked.body
            )
        except (httpx.InvalidURL, UnicodeEncodeError) as error:
            return Response(failure=_explain(error))
        await self.sleep(self._turn(request.url.netloc.decode(), asked))
        response = Response(failure=Failure(Reason.TIMEOUT, f"no whole answer in {asked.deadline:g} s"))
        with suppress(TimeoutError):
            async with asyncio.timeout(asked.deadline):
                for attempt in range(TRIES):
                    response = await self._try(request, asked.servers)
                    wait = pause(response, attempt, self.clock(), repeatable=asked.repeatable)
                    if wait is None:
                        break
                    await self.sleep(wait)
        return response

    def allows_private(self, url: str) -> bool:
        """Whether the server of a URL may be private: then it may be asked without encryption, too."""
        parts = httpx.URL(url)
        return self._guard.exempts(parts.host, parts.port or (443 if parts.scheme == "https" else 80))

    def _turn(self, server: str, asked: Request) -> float:
        """Seconds until both the server and the account may be asked."""
        wait = self._pace.reserve(server)
        if asked.account is None:
            return wait
        return max(wait, self._pace.reserve(f"{asked.account} at {server}", asked.rate))

    async def _try(self, request: httpx.Request, servers: Collection[str] | None) -> Response:
        try:
            return await self._follow(request, servers)
        except FetchError as failed:
            return Response(failure=failed.failure)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            return Response(failure=_explain(error))

    async def _follow(self, request: httpx.Request, servers: Collection[str] | None) -> Response:
        for _ in range(REDIRECTS + 1):
            check_url(request.url.scheme, request.url.host, userinfo=bool(request.url.userinfo))
            if servers is not None:
                self._check_server(request.url, servers)
            async with aclosing(await self._client.send(request, stream=True)) as answer:
                onward = answer.next_request
                if onward is None:
                    return await self._receive(answer)
            if request.url.scheme == "https" and onward.url.scheme == "http":
                raise FetchError(Reason.REDIRECTS, "from https to http")
            request = onward
        raise FetchError(Reason.REDIRECTS, f"more than {REDIRECTS}")

    def _check_server(self, url: httpx.URL, servers: Collection[str]) -> None:
        """Tell credentials to the servers that they are for, and to nobody on the way."""
        if url.netloc.decode() not in servers:
            raise FetchError(Reason.REFUSED_ADDRESS, "it is not a server of this channel")
        if url.scheme != "https" and not self.allows_private(str(url)):
            raise FetchError(Reason.REFUSED_ADDRESS, "credentials are sent by https only")

    async def _receive(self, answer: httpx.Response) -> Response:
        asked = answer.request.headers
        failure = judge(
            answer.status_code, conditional="if-none-match" in asked or "if-modified-since" in asked
        )
        body = b""
        if failure:
            after = retry_at(answer.headers.get("retry-after"), self.clock())
            failure = replace(named(failure, answer.headers), retry_at=after)
        elif answer.status_code != NOT_MODIFIED:
            inflow = Inflow(answer.headers.get("content-encoding", ""))
            async for piece in answer.aiter_raw():
                inflow.add(piece)
            body = inflow.whole()
        return Response(answer.status_code, MappingProxyType(dict(answer.headers)), body, failure)


class _CheckedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a pool that connects to checked addresses only."""

    def __init__(self, guard: Guard) -> None:
        certificates = httpx.create_ssl_context()
        super().__init__(verify=certificates)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=certificates,
            max_connections=None,
            keepalive_expiry=5.0,
            network_backend=_CheckedNetwork(guard),
        )


class _CheckedNetwork(httpcore.AnyIOBackend):
    """Resolves once, has every address checked, and connects to one of those.

    At this depth the Host header, TLS and the pool still speak of the name.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the host's addresses that accepts."""
        *others, last = await self._guard.addresses(host, port)
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await super().connect_tcp(address, port, CONNECTING, local_address, socket_options)
        return await super().connect_tcp(last, port, CONNECTING, local_address, socket_options)


def _explain(error: Exception) -> Failure:
    reason, detail = next((reason, detail) for kind, reason, detail in FAULTS if isinstance(error, kind))
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            detail = "its certificate is not valid"
        cause = cause.__cause__ or cause.__context__
    return Failure(reason, detail)
