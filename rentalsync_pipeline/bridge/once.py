"""`Idempotency-Key`: a POST that is sent again, as its answer got lost, has its effect once.

Belongs here: recognising a repetition and giving the first answer again (the IETF's draft
`httpapi-idempotency-key-header`). Does not: keeping answers (`control.answers`), who may ask (`auth`, which
calls `claim` once it has recognised somebody). Webhooks and pages don't come by: they have ways of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rentalsync_pipeline.bridge.context import bridge_of
from rentalsync_pipeline.bridge.errors import Refused, as_json
from rentalsync_pipeline.control.answers import Answer, Answers, Claim, InWork, OtherRequest
from rentalsync_pipeline.core.access import Caller

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_LONGEST = 255
_STATE = "once"

PARAMETER: Mapping[str, Any] = MappingProxyType(
    {
        "name": HEADER,
        "in": "header",
        "required": False,
        "description": (
            "Any name for this very request, a UUID for example. Who sends the same again within 24 hours "
            f"gets the first answer again, with `{REPLAYED}: true`, and nothing happens twice."
        ),
        "schema": {"type": "string", "minLength": 1, "maxLength": _LONGEST},
    }
)
"""What the OpenAPI document says of it."""


class _Replay(Exception):
    """An answer that was given already."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


@dataclass(slots=True)
class _Attempt:
    """A POST with a key. Once its caller is recognised, the claim says that it is ours to answer."""

    key: str
    request: str
    claim: Claim | None = None


class Once:
    """Middleware that keeps what is answered to a POST with a key."""

    def __init__(self, app: ASGIApp, answers: Answers) -> None:
        self._app, self._answers = app, answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; hold the answer back until it is kept."""
        key = Headers(scope=scope).get(HEADER) if scope.get("method") == "POST" else None
        if key is None:
            await self._app(scope, receive, send)
            return
        try:
            body = await _whole(receive)
        except HTTPException as error:
            await as_json(Request(scope), error)(scope, receive, send)
            return
        attempt = _Attempt(key, _digest(scope["query_string"], body))
        scope.setdefault("state", {})[_STATE] = attempt
        messages: list[Message] = []
        try:
            await self._app(scope, _again(body, receive), _collecting(messages))
        finally:
            if attempt.claim:
                await run_in_threadpool(self._settle, attempt.claim, messages)
        for message in messages:
            await send(message)

    def _settle(self, claim: Claim, messages: list[Message]) -> None:
        """Keep the answer, unless it is a failure of ours: then the same may be tried again."""
        answer = _answer(messages)
        if answer and answer.status < 500:
            self._answers.keep(claim, answer)
        else:
            self._answers.release(claim)


def claim(request: Request, caller: Caller) -> None:
    """Take the request on for that caller, if it has a key; else raise what is to be answered instead."""
    attempt: _Attempt | None = getattr(request.state, _STATE, None)
    if attempt is None:
        return
    if not 0 < len(attempt.key) <= _LONGEST:
        raise Refused(400, f"{HEADER} must have 1 to {_LONGEST} characters")
    here = bridge_of(request)
    asked = (caller.who, caller.role, request.url.path, attempt.key)
    known = _digest(*(each.encode() for each in asked))
    try:
        found = here.control.answers.claim(known, attempt.request, here.now())
    except OtherRequest:
        raise Refused(422, f"Another request was sent with this {HEADER}", "give each its own") from None
    except InWork:
        raise Refused(409, "This request is being worked on", headers={"Retry-After": "1"}) from None
    if isinstance(found, Answer):
        raise _Replay(found)
    attempt.claim = found


def install(app: FastAPI, answers: Answers) -> None:
    """Let the app recognise repetitions."""
    app.add_middleware(Once, answers=answers)
    app.add_exception_handler(_Replay, _replayed)


def _replayed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, _Replay)  # noqa: S101 that is what it is installed for
    kept = error.answer
    return Response(kept.body, kept.status, {**dict(kept.headers), REPLAYED: "true"})


async def _whole(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """The body as one message, and then whatever comes."""
    rest = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return rest.pop() if rest else await receive()

    return next_message


def _collecting(messages: list[Message]) -> Send:
    async def collect(message: Message) -> None:
        messages.append(message)

    return collect


def _answer(messages: list[Message]) -> Answer | None:
    """What was answered, if anything was."""
    if not messages:
        return None
    start, *parts = messages
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"])
    return Answer(start["status"], headers, b"".join(part.get("body", b"") for part in parts))


def _digest(*parts: bytes) -> str:
    return sha256(b"\0".join(sha256(part).digest() for part in parts)).hexdigest()
