"""The control store: configuration, secrets, operational state and requests, behind one door.

Belongs here: transactions, and who answers what. Does not: SQL of any length (`rows`, `portfolio`,
`requests`, `sealed`), deciding anything. Every method is one short transaction, safe from several
processes at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, select

from rentalsync_pipeline.control import database, feed_addresses, marks, portfolio, said, sealed
from rentalsync_pipeline.control.account_tokens import AccountTokens, agreeing
from rentalsync_pipeline.control.answers import Answers
from rentalsync_pipeline.control.audit import Audit
from rentalsync_pipeline.control.chain import Entry, Fields
from rentalsync_pipeline.control.configuration import Configuration
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.inbox import Inbox
from rentalsync_pipeline.control.opened import Opened
from rentalsync_pipeline.control.requests import Requests, decide
from rentalsync_pipeline.control.schema import ListingRow, StateRow, table_of
from rentalsync_pipeline.control.state import Alert, ConnectionState, Request
from rentalsync_pipeline.control.tokens import Tokens
from rentalsync_pipeline.control.vault import Vault, parse_key
from rentalsync_pipeline.control.written.files import read_private
from rentalsync_pipeline.control.written.pointing import Pointing
from rentalsync_pipeline.control.written.variables import Variables
from rentalsync_pipeline.core.alerts import News, Trouble
from rentalsync_pipeline.core.facts import facts
from rentalsync_pipeline.core.portfolio import Portfolio
from rentalsync_pipeline.core.secret import Secret


class ClockError(ValueError):
    """A sync was given a clock before that of the last one."""


class ControlStore:
    """The control store of one home, migrated. Holds no connection between calls."""

    def __init__(self, engine: Engine, vault: Vault, home: Home) -> None:
        self._engine, self._writing = engine, database.writing(engine)
        self._vault, self._home = vault, home
        self.audit = Audit(engine, home.audit_head)
        """The audit log."""
        self.tokens = Tokens(self.audit)
        """The bearer tokens of the HTTP side."""
        self.answers = Answers(engine, vault)
        """What was answered over HTTP, for whoever asks the same again."""
        self.inbox = Inbox(engine, vault, home)
        """The webhooks of channels."""

    @classmethod
    def open(cls, home: Home, env: Mapping[str, str] = os.environ) -> Self:
        """The store of a home, migrated if need be; `VaultError` where its key is missing or unfit."""
        vault = Vault.of(home, env)
        engine = database.connect(home.control_url)
        if not database.is_current(engine):
            database.upgrade(engine)
        return cls(engine, vault, home)

    def close(self) -> None:
        """Close the database's connections."""
        self._engine.dispose()

    def copy_to(self, path: Path) -> bool:
        """Write the whole store into a new file; False where it lies on a database server."""
        return database.copy(self._engine, path)

    @property
    def home(self) -> Home:
        """The home whose store this is."""
        return self._home

    @property
    def folder(self) -> Path:
        """Where the YAML lies: relative paths of connections count from here."""
        return self._home.folder

    # Configuration

    def portfolio(self, env: Mapping[str, str] = os.environ) -> Portfolio:
        """Everything that is configured, listings and connections in order of their ids; no secret."""
        with self._engine.begin() as connection:
            return portfolio.read(connection, self._pointing(env))

    def listing_keys(self) -> dict[str, int]:
        """The integer that the HTTP side calls each listing, by slug."""
        with self._engine.begin() as connection:
            rows = connection.execute(select(ListingRow.slug, ListingRow.key))
            return {row.slug: row.key for row in rows}

    @contextmanager
    def configuring(
        self, who: str, now: datetime, env: Mapping[str, str] = os.environ
    ) -> Iterator[Configuration]:
        """Change the configuration, all or nothing; other writers wait meanwhile."""
        with self.audit.changing(who, now) as change:
            yield Configuration(change, self._vault, self._pointing(env))

    def rotate(self, listing: str, who: str, now: datetime, overlap_until: datetime | None = None) -> int:
        """Give every feed of a listing a new token; returns the new generation. `LookupError` if unknown.

        The addresses that it has now keep working until `overlap_until`; those before them end at once.
        """
        with self.audit.changing(who, now) as change:
            if change.connection.execute(select(ListingRow.key).where(ListingRow.slug == listing)).first():
                return feed_addresses.rotate(change, listing, overlap_until)
        raise LookupError(f"there is no listing {listing!r}: `rentalsync listings` shows them")

    # Secrets

    def url_of(self, connection_id: str, env: Mapping[str, str] = os.environ) -> Secret:
        """The URL or path of a calendar connection, its variable resolved now.

        Raises `MissingVariable`, or `LookupError` for an unknown connection or one that is an account.
        """
        with self._opened(env) as opened:
            return opened.url(connection_id)

    def credentials_of(self, connection_id: str, env: Mapping[str, str] = os.environ) -> Mapping[str, Secret]:
        """The credentials of an account by name, their variables resolved now; raises `MissingVariable`."""
        with self._opened(env) as opened:
            return opened.credentials(connection_id)

    def tokens_of(self, connection_id: str) -> AccountTokens:
        """Where the token of an account is kept, for whoever uses and renews it."""
        return self._tokens_of(connection_id, self._writing.begin)

    def consent_of(self, connection_id: str, who: str, now: datetime) -> AccountTokens:
        """Where it is kept, for a person who agrees to our access."""
        return self._tokens_of(connection_id, partial(agreeing, self.audit, connection_id, who, now))

    def alerts(self, env: Mapping[str, str] = os.environ) -> tuple[Alert, ...]:
        """Where news are to be sent; raises `MissingVariable`."""
        with self._opened(env) as opened:
            return opened.alerts()

    def feed_secret(self) -> bytes:
        """The 32 bytes from which feed tokens and UIDs derive; not an encryption key, never rotated."""
        return parse_key(read_private(self._home.feed_key), str(self._home.feed_key))

    def rotate_keys(self, who: str, now: datetime) -> int:
        """Seal every secret with the first key; returns how many another had sealed."""
        with self.audit.changing(who, now) as change:
            count = sealed.reseal(change.connection, self._vault)
            change.note([Entry("keys_rotate", "secrets", new={"sealed": str(count)})])
        return count

    # Operational state

    def states(self) -> dict[str, ConnectionState]:
        """How it stands with each connection that was ever asked."""
        with self._engine.begin() as connection:
            rows = connection.execute(select(table_of(StateRow))).mappings()
            return {row["connection"]: ConnectionState(**row) for row in rows}

    def save_states(self, states: Iterable[ConnectionState]) -> None:
        """Put states in place of what they were, all at once."""
        rows = [facts(state) for state in states]
        with self._writing.begin() as connection:
            database.upsert(connection, table_of(StateRow), rows, key=["connection"])

    def last_sync(self) -> datetime | None:
        """The clock of the last sync."""
        with self._engine.begin() as connection:
            return marks.moment(connection, marks.SYNC)

    def last_apply(self) -> datetime | None:
        """When the configuration was last applied from a file."""
        with self._engine.begin() as connection:
            return marks.moment(connection, marks.APPLIED)

    def last_look(self) -> datetime | None:
        """When something last looked whether a sync should start."""
        with self._engine.begin() as connection:
            return marks.moment(connection, marks.LOOK)

    def record_look(self, now: datetime) -> None:
        """Note that something looks whether a sync should start."""
        with self._writing.begin() as connection:
            marks.mark(connection, marks.LOOK, now)

    def record_sync(self, as_of: datetime) -> None:
        """Note the clock of a sync that begins; `ClockError` where an earlier sync's was later."""
        with self._writing.begin() as connection:
            _refuse_past(marks.moment(connection, marks.SYNC), as_of)
            marks.mark(connection, marks.SYNC, as_of)

    def said(self) -> list[Trouble]:
        """The troubles that somebody was told of, and not yet that they are over."""
        with self._engine.begin() as connection:
            return said.read(connection)

    def record_said(self, news: News) -> None:
        """Note that these news have been told."""
        with self._writing.begin() as connection:
            said.record(connection, news)

    def check_clock(self, as_of: datetime) -> None:
        """Whether a sync could run with this clock; raises `ClockError`."""
        _refuse_past(self.last_sync(), as_of)

    # Requests

    def ask(
        self, kind: str, subject: str, payload: Mapping[str, object], asked_by: str, now: datetime
    ) -> int:
        """Queue a request for the next sync and return its id; `payload` is JSON without secrets."""
        with self._writing.begin() as connection:
            return Requests(connection).ask(kind, subject, payload, asked_by, now)

    def decide(
        self, kind: str, subject: str, payload: Mapping[str, object], told: Fields, who: str, now: datetime
    ) -> int:
        """Queue what a person decided, as `ask` does, and write it into the audit log, which tells `told`."""
        with self.audit.changing(who, now) as change:
            return decide(change, kind, subject, payload, told)

    def ask_once(self, kind: str, subject: str, asked_by: str, now: datetime) -> int:
        """Queue a request for the next sync unless the same waits for one; returns its id."""
        with self._writing.begin() as connection:
            return Requests(connection).ask_once(kind, subject, asked_by, now)

    def waiting(self) -> list[Request]:
        """All requests that are not done, oldest first; also those that a dead sync had taken."""
        with self._engine.begin() as connection:
            return Requests(connection).waiting()

    def last_requests(self, kinds: Collection[str], most: int = 1000, about: str = "") -> list[Request]:
        """The last requests of these kinds, about one subject or all, done or not, newest first."""
        with self._engine.begin() as connection:
            return Requests(connection).last(kinds, most, about)

    def take(self, ids: Collection[int], now: datetime) -> None:
        """Note that a sync has begun with these requests."""
        with self._writing.begin() as connection:
            Requests(connection).take(ids, now)

    def finish(self, request: int, outcome: str, now: datetime) -> None:
        """Note what came of a request; what is done stays done."""
        with self._writing.begin() as connection:
            Requests(connection).finish(request, outcome, now)

    def _tokens_of(
        self, connection_id: str, begin: Callable[[], AbstractContextManager[Connection]]
    ) -> AccountTokens:
        lock = self._home.path / f"token-{connection_id}.lock"
        return AccountTokens(connection_id, lock, self._engine, begin, self._vault)

    def _variables(self, env: Mapping[str, str]) -> Variables:
        return Variables(self._home.secrets, env)

    def _pointing(self, env: Mapping[str, str]) -> Pointing:
        return Pointing(self.feed_secret(), self._variables(env))

    @contextmanager
    def _opened(self, env: Mapping[str, str]) -> Iterator[Opened]:
        with self._engine.begin() as connection:
            yield Opened(connection, self._vault, self._variables(env))


def _refuse_past(last: datetime | None, as_of: datetime) -> None:
    if last is not None and as_of < last:
        raise ClockError(
            f"the last sync ran as of {last.isoformat()}, later than {as_of.isoformat()}: "
            "check this machine's clock, or look back with `rentalsync replay --as-of`"
        )
