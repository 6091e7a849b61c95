"""The tables of the control store.

Belongs here: their shape, portable between SQLite and PostgreSQL. Does not: how it came about
(`migrations`, which a test compares with this), reading and writing (`rows`, `store`).
The integer keys of listings and connections are what the HTTP side calls their ids; `slug` and `name`
are what people call them, and what the other tables refer to.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    TypeDecorator,
    false,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Utc(TypeDecorator[datetime]):
    """A moment in UTC, aware on both sides: SQLite keeps no offset, PostgreSQL keeps one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse moments without an offset: they mean another time on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without an offset can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the offset back that SQLite dropped."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables. An absent JSON value is NULL, not the word `null`."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        datetime: Utc,
    }


class SettingRow(Base):
    """One setting that was given; the others have their defaults (`core.portfolio.Settings`)."""

    __tablename__ = "settings"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class ListingRow(Base):
    """One rentable unit."""

    __tablename__ = "listings"
    key: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    timezone: Mapped[str]
    check_in: Mapped[str]
    """`15:00`, as are all times of day here."""
    check_out: Mapped[str]
    enabled: Mapped[bool]
    sync: Mapped[bool] = mapped_column(server_default=true())
    token: Mapped[bool]
    style: Mapped[str]
    audiences: Mapped[list[Any] | None]
    blocks: Mapped[str]
    fields: Mapped[list[Any]]
    """For each its name, its label, possibly null, and whether it is shown."""
    rooms: Mapped[list[Any]]


class AddressRow(Base):
    """Under which name a listing is published: the first slug that it had. It outlives the listing."""

    __tablename__ = "addresses"
    address: Mapped[str] = mapped_column(primary_key=True)
    listing: Mapped[str | None] = mapped_column(unique=True)
    """The slug that it has now, or had when it was removed; null where another has that by now."""
    generation: Mapped[int] = mapped_column(server_default=text("0"))
    overlap_until: Mapped[datetime | None]
    channels: Mapped[list[Any]]
    """All that it was ever connected to: each may import its calendar still."""


class ConnectionRow(Base):
    """One link to a channel. `url` is a path or a `${NAME}`; a literal URL is in the vault instead."""

    __tablename__ = "connections"
    key: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    listing: Mapped[str | None] = mapped_column(ForeignKey("listings.slug", onupdate="CASCADE"), index=True)
    url: Mapped[str | None]
    credentials: Mapped[dict[str, Any]]
    """By name a `${NAME}`, or null where the vault has it."""
    base_url: Mapped[str | None]
    interval: Mapped[int | None]
    """Seconds, as are `wait` and `quarantine`; null means the setting's."""
    misses: Mapped[int]
    wait: Mapped[int]
    quarantine: Mapped[int] = mapped_column(server_default=text("86400"))
    imports: Mapped[Any] = mapped_column(JSON)
    end_is_last_night: Mapped[bool]
    enabled: Mapped[bool]
    acknowledge: Mapped[bool] = mapped_column(server_default=false())
    webhook_secret: Mapped[str | None]
    """A `${NAME}`; a literal one is in the vault."""
    host: Mapped[str]
    source: Mapped[str]


class MappingRow(Base):
    """Which listing a room of an account is."""

    __tablename__ = "mappings"
    connection: Mapped[str] = mapped_column(
        ForeignKey("connections.name", onupdate="CASCADE", ondelete="CASCADE"), primary_key=True
    )
    upstream: Mapped[str] = mapped_column(primary_key=True)
    listing: Mapped[str] = mapped_column(ForeignKey("listings.slug", onupdate="CASCADE"), index=True)


class AlertRow(Base):
    """Where news are sent; `url` as that of a connection, and inside an `smtp` one a `${NAME}`, too."""

    __tablename__ = "alerts"
    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    url: Mapped[str | None]
    to: Mapped[list[Any] | None]
    command: Mapped[list[Any] | None]


class IntegrationRow(Base):
    """A channel as the integrations know it, whether or not it has a connection yet."""

    __tablename__ = "integrations"
    channel: Mapped[str] = mapped_column(primary_key=True)
    active: Mapped[bool]
    """Whether connections that come to it are asked."""
    webhook_url: Mapped[str | None]
    """What its owner has entered at the channel."""


class SaidRow(Base):
    """`core.alerts.Trouble` of which somebody was told, and not yet that it is over."""

    __tablename__ = "alerts_said"
    matter: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class SecretRow(Base):
    """One sealed value and the row that it belongs to, which is also its associated data."""

    __tablename__ = "secrets"
    owner_table: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class StateRow(Base):
    """`state.ConnectionState`. No foreign key: a sync may end after its connection was taken away."""

    __tablename__ = "connection_state"
    connection: Mapped[str] = mapped_column(primary_key=True)
    last_attempt: Mapped[datetime | None]
    last_ok: Mapped[datetime | None]
    last_change: Mapped[datetime | None]
    last_verdict: Mapped[str | None]
    last_reason: Mapped[str | None]
    last_detail: Mapped[str | None]
    failures: Mapped[int]
    next_due: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    content: Mapped[str | None]
    content_day: Mapped[date | None]
    recurring: Mapped[bool]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    source: Mapped[str | None]
    opened_until: Mapped[datetime | None]
    cursor: Mapped[str | None]
    swept: Mapped[dict[str, Any] | None]


class RequestRow(Base):
    """`state.Request`."""

    __tablename__ = "requests"
    __table_args__ = (Index("ix_requests_waiting", "done_at", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    payload: Mapped[dict[str, Any]]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class WebhookRow(Base):
    """A webhook that was taken in, by the SHA-256 of what it is known by: nothing of what it says."""

    __tablename__ = "webhooks"
    connection: Mapped[str] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(primary_key=True)
    received: Mapped[datetime] = mapped_column(index=True)


class WebhookCountRow(Base):
    """How many webhooks of a channel there ever were, by what became of them."""

    __tablename__ = "webhook_counts"
    channel: Mapped[str] = mapped_column(primary_key=True)
    received: Mapped[int] = mapped_column(server_default=text("0"))
    repeated: Mapped[int] = mapped_column(server_default=text("0"))
    refused: Mapped[int] = mapped_column(server_default=text("0"))


class TokenRow(Base):
    """`tokens.Token`, with the SHA-256 of the token itself."""

    __tablename__ = "tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created: Mapped[datetime]
    revoked: Mapped[datetime | None]


class AuditRow(Base):
    """`chain.Recorded`. Triggers refuse to change or delete a row."""

    __tablename__ = "audit"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    old: Mapped[dict[str, Any] | None]
    new: Mapped[dict[str, Any] | None]
    hash: Mapped[str]


class AnswerRow(Base):
    """What was asked under a key, since when; the vault keeps what, and the answer: see `answers`."""

    __tablename__ = "answers"
    key: Mapped[str] = mapped_column(primary_key=True)
    begun: Mapped[datetime] = mapped_column(index=True)


class MarkRow(Base):
    """A moment worth remembering: `sync`, the clock of the last sync; `apply`, the last application."""

    __tablename__ = "marks"
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements over many rows."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 it always is, but the type doesn't say so
    return table
