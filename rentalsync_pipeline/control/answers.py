"""Answers to requests that may be sent again: each is worked on once, and the same again gets its answer.

Belongs here: keeping them for a day, sealed, as an answer may hold a secret or a guest. Does not: HTTP
(`bridge.once`), who may ask.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, bindparam, delete, select

from rentalsync_pipeline.control import sealed
from rentalsync_pipeline.control.database import upsert, writing
from rentalsync_pipeline.control.schema import AnswerRow, table_of
from rentalsync_pipeline.control.vault import Vault
from rentalsync_pipeline.core.secret import Secret

KEPT = timedelta(hours=24)
"""So long a request is known again."""
PATIENCE = timedelta(minutes=5)
"""Longer than any request takes: who is at work after that is not any more, and the next may try."""
_ANSWERS = table_of(AnswerRow)
_PLACE, _NAME = "answers", "answer"
"""Where the vault keeps them."""


class OtherRequest(ValueError):
    """Something else was asked under that key."""


class InWork(Exception):
    """The very same is being worked on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it went out: status, headers and body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer a request: from `begun` on, and for `PATIENCE`."""

    key: str
    request: str
    begun: datetime


class Answers:
    """The answers of one home; every method is one short transaction."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._writing, self._vault = writing(engine), vault

    def claim(self, key: str, request: str, now: datetime) -> Claim | Answer:
        """The right to answer what is asked under `key`, or the answer that was given already.

        `key` and `request` are digests, of who asks under which name and of what is asked. Raises
        `OtherRequest` or `InWork`.
        """
        with self._writing.begin() as connection:
            begun = connection.execute(select(AnswerRow.begun).where(AnswerRow.key == key)).scalar()
            if begun is not None and now - begun < KEPT:
                asked, answer = self._read(connection, key)
                if asked != request:
                    raise OtherRequest
                if answer:
                    return answer
                if now - begun < PATIENCE:
                    raise InWork
            claim = Claim(key, request, now)
            upsert(connection, _ANSWERS, [{"key": key, "begun": now}], key=["key"])
            self._write(connection, claim, None)
        return claim

    def keep(self, claim: Claim, answer: Answer) -> None:
        """Give that answer to whoever asks the same again; nothing, where another has the claim by now."""
        with self._writing.begin() as connection:
            if _holds(connection, claim):
                self._write(connection, claim, answer)

    def release(self, claim: Claim) -> None:
        """Let whoever asks the same again try anew."""
        with self._writing.begin() as connection:
            if _holds(connection, claim):
                _forget(connection, [claim.key])

    def sweep(self, now: datetime) -> int:
        """Forget those that are too old to count; returns how many."""
        old = select(AnswerRow.key).where(AnswerRow.begun <= now - KEPT)
        with self._writing.begin() as connection:
            keys = connection.execute(old).scalars().all()
            _forget(connection, keys)
        return len(keys)

    def _read(self, connection: Connection, key: str) -> tuple[str, Answer | None]:
        kept = sealed.read(connection, self._vault, _PLACE, key, _NAME)
        assert kept is not None  # noqa: S101 it is written and forgotten together with its row
        request, told = json.loads(kept.reveal())
        return request, told and _parse(told)

    def _write(self, connection: Connection, claim: Claim, answer: Answer | None) -> None:
        kept = Secret(json.dumps([claim.request, answer and _dump(answer)]))
        sealed.write(connection, self._vault, _PLACE, [(claim.key, _NAME, kept)])


def _holds(connection: Connection, claim: Claim) -> bool:
    mine = select(AnswerRow.key).where(AnswerRow.key == claim.key, AnswerRow.begun == claim.begun)
    return connection.execute(mine).first() is not None


def _forget(connection: Connection, keys: Sequence[str]) -> None:
    if keys:
        gone = delete(_ANSWERS).where(AnswerRow.key == bindparam("gone"))
        connection.execute(gone, [{"gone": key} for key in keys])
        sealed.forget(connection, _PLACE, keys)


def _dump(answer: Answer) -> list[object]:
    return [answer.status, answer.headers, base64.b64encode(answer.body).decode()]


def _parse(told: list[object]) -> Answer:
    status, headers, body = told
    assert isinstance(status, int)  # noqa: S101 as `_dump` wrote it, here and below
    assert isinstance(headers, list)  # noqa: S101
    return Answer(status, tuple((name, value) for name, value in headers), base64.b64decode(str(body)))
