"""Talking to one account's API: what every verb of a channel with an account is given.

Belongs here: a question with its authorisation, its pace and its decoding, and what went wrong as one
exception. Does not: what is asked (each channel), sockets (`transport`), what the answers mean (`account`).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import count
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from rentalsync_pipeline.channels.wire.auth import Auth, Grant
from rentalsync_pipeline.channels.wire.pace import Rate
from rentalsync_pipeline.channels.wire.paging import Paging, SoFar, Turn
from rentalsync_pipeline.channels.wire.patience import PATIENCE
from rentalsync_pipeline.channels.wire.quota import Quota, quota_of
from rentalsync_pipeline.channels.wire.request import Request
from rentalsync_pipeline.channels.wire.response import FetchError, Response, named
from rentalsync_pipeline.channels.wire.tokens import Keys
from rentalsync_pipeline.channels.wire.transport import Transport
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.verdict import Failure, Reason

Record = dict[str, Any]
"""One object of an API's answer, as it was sent."""

Params = Mapping[str, str | int | Sequence[str] | None]
"""What stands behind the `?` of a question; `None` is left out, a sequence repeats its name."""


Known = TypeVar("Known")


def from_json(body: bytes) -> Any:
    """A JSON document; raises `ValueError`."""
    return json.loads(body)


def no_fault(_document: Any) -> Failure | None:
    """For an API whose errors have an HTTP status of their own."""
    return None


STEADY = Rate(per_second=3)
"""What every API bears, unless its documents say less."""


@dataclass(frozen=True, slots=True)
class Api:
    """How an API is spoken to: the table of a channel."""

    base: str
    """https, without a slash at its end. A connection's `base_url` takes its place."""
    hosts: frozenset[str]
    """The only servers that are told a credential, and that may be redirected to."""
    auth: tuple[Auth, ...]
    """The ways to be let in, of which the first that the credentials suffice for is used."""
    rate: Rate = STEADY
    """How often one account is asked; no server is asked more often than those of calendars."""
    decode: Callable[[bytes], Any] = from_json
    """From a body to a document; raises `ValueError`."""
    fault: Callable[[Any], Failure | None] = no_fault
    """What an answer with a good status says went wrong, for APIs that answer errors with 200."""
    refused: frozenset[int] = frozenset({401})
    """Statuses by which a token is said to be stale: it is renewed once, and the question repeated."""


class Session:
    """One connection's way to its API for the length of one fetch.

    Verbs ask by `get`, `post` and `pages`; all raise `FetchError`, which becomes the answer's failure.
    """

    def __init__(
        self,
        api: Api,
        keys: Keys,
        transport: Transport,
        *,
        base_url: str | None = None,
        units: Sequence[str] = (),
    ) -> None:
        self.units = tuple(units)
        """The ids that the connection maps, for APIs that are asked unit by unit."""
        self.quota: Quota | None = None
        """What the server last said is left, where it says so."""
        self.skew: timedelta | None = None
        """How far its clock is ahead of ours, by its last answer."""
        self._api, self._keys, self._transport = api, keys, transport
        self._known: dict[str, Any] = {}
        self._base = (base_url or api.base).rstrip("/")
        self._grant = Grant.of(api.auth, keys)  # raises FetchError where the credentials don't suffice

    @property
    def now(self) -> datetime:
        """The moment, by the clock of the sync."""
        return self._transport.clock()

    async def wait(self, seconds: float) -> None:
        """Let time pass, by the sync's own way of waiting."""
        await self._transport.sleep(seconds)

    def credential(self, name: str) -> str:
        """A credential, for APIs that want it in the message itself."""
        return self._keys.credentials[name].reveal()

    @property
    def base(self) -> str:
        """The address that paths are put behind."""
        return self._base

    async def get(
        self, path: str, params: Params | None = None, *, proven: bool = True, **headers: str
    ) -> Any:
        """The document at a path below the base, or at a whole URL of an allowed host.

        What asks for the proof itself is not `proven`.
        """
        request = Request(self._url(path, params or {}), headers=headers)
        return self._read(await (self._proven(request) if proven else self._send(request)))

    async def find(self, path: str, params: Params | None = None) -> Any | None:
        """As `get`; `None` where the server says that there is no such thing (404, 410)."""
        try:
            return await self.get(path, params)
        except FetchError as error:
            if error.failure.reason is Reason.NOT_FOUND:
                return None
            raise

    async def post(
        self,
        path: str,
        body: bytes | Mapping[str, str] | Record,
        *,
        form: bool = False,
        kind: str | None = None,
        method: str = "POST",
        repeatable: bool = False,
        proven: bool = True,
        **headers: str,
    ) -> Any:
        """Send a body: bytes as they are, of a media type `kind`; a mapping as JSON, or as a `form`.

        It is sent again after a fault only where `repeatable`: the first may have been carried out. What asks
        for the proof itself is not `proven`.
        """
        content, usual = _encoded(body, form=form)
        sent = {"Content-Type": kind or usual, **headers}
        request = Request(self._url(path, {}), method, sent, content, repeatable=repeatable)
        return self._read(await (self._proven(request) if proven else self._send(request)))

    async def once(self, name: str, ask: Callable[[], Awaitable[Known]]) -> Known:
        """What a fetch needs to know but once: asked for at its first use, by a name of the channel's own."""
        if name not in self._known:
            self._known[name] = await ask()
        found: Known = self._known[name]
        return found

    async def pages(
        self, path: str, params: Params, paging: Paging, *, by: Callable[[Record], str]
    ) -> list[Record]:
        """Every record of a list, page by page.

        Raises `FetchError` (incomplete) when less comes than was announced, or when one comes twice, as `by`
        tells them apart: then the list has moved while it was read, and another may have slipped by.
        """
        turn: Turn | None = paging.first()
        records: list[Record] = []
        for number in count(1):
            if turn is None:
                break
            document = await self.get(turn.url or path, None if turn.url else {**params, **turn.params})
            page = paging.records(document)
            records += page
            turn = paging.next(document, page, SoFar(number, len(records)))
        if len(set(map(by, records))) < len(records):
            raise FetchError(Reason.INCOMPLETE, "a record came twice")
        return records

    async def _proven(self, request: Request) -> Response:
        """One good answer; the proof of who asks is renewed once, if it was stale."""
        proof = await self._grant.proof(self)
        try:
            return await self._send(request.proven(proof))
        except FetchError as error:
            stale = error.status in self._api.refused
            if not stale or not await self._grant.renew(self, proof):
                raise
        return await self._send(request.proven(await self._grant.proof(self)))

    async def _send(self, request: Request) -> Response:
        await self._await_quota()
        bound = request.to(self._servers, account=self._keys.connection, rate=self._api.rate)
        response = await self._transport.send(bound)
        self._note(response)
        if response.failure:
            raise FetchError.of(response.failure, response.status)
        return response

    async def _await_quota(self) -> None:
        """Ask no more than the server has said is left, and leave it alone where that takes long."""
        resets = self.quota.resets if self.quota and not self.quota.left else None
        if resets is None:
            return
        wait = (resets - self.now).total_seconds()
        if wait > PATIENCE:
            raise FetchError.of(Failure(Reason.RATE_LIMITED, "nothing is left of its quota", resets))
        await self.wait(max(wait, 0.0))

    def _note(self, response: Response) -> None:
        self.quota = quota_of(response.headers, self.now) or self.quota
        try:
            moment = parsedate_to_datetime(response.headers.get("date", ""))
        except ValueError:
            return
        self.skew = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - self.now

    def _read(self, response: Response) -> Any:
        try:
            document = self._api.decode(response.body)
        except ValueError:
            raise FetchError(Reason.TORN, "what came can't be read") from None
        if fault := self._api.fault(document):
            raise FetchError.of(named(fault, response.headers))
        return document

    @property
    def _servers(self) -> frozenset[str]:
        """The vendor's, and that of a `base_url` that may be private; a public one must be the vendor's."""
        if self._transport.allows_private(self._base):
            return self._api.hosts | {urlsplit(self._base).netloc}
        return self._api.hosts

    def _url(self, path: str, params: Params) -> Secret:
        address = path if "://" in path else f"{self._base}/{path.lstrip('/')}"
        given = {name: value for name, value in params.items() if value is not None}
        query = urlencode(given, doseq=True)
        return Secret(f"{address}{'&' if '?' in address else '?'}{query}" if query else address)


def _encoded(body: bytes | Mapping[str, Any], *, form: bool) -> tuple[bytes, str]:
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if form:
        return urlencode(body).encode(), "application/x-www-form-urlencoded"
    return json.dumps(body).encode(), "application/json"
