"""What may stand in a `rentalsync.yaml`, as pydantic models.

Belongs here: the keys, their forms and their defaults. Does not: what must fit together across entries
(`checks`), how entries become rows (`config`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from rentalsync_pipeline.control.written import forms
from rentalsync_pipeline.core.portfolio import AbsencePolicy, Blocks, Style
from rentalsync_pipeline.core.secret import Secret

Text = Annotated[str, PlainValidator(forms.text)]
Slug = Annotated[str, PlainValidator(forms.slug)]
Clock = Annotated[str, PlainValidator(forms.clock)]
Zone = Annotated[str, PlainValidator(forms.zone)]
Minutes = Annotated[int, PlainValidator(forms.duration(1, 60))]
"""Written with a unit, kept in seconds."""
WebAddress = Annotated[str, PlainValidator(forms.web_address)]
Location = Annotated[str | Secret, PlainValidator(forms.location)]
Hook = Annotated[str | Secret, PlainValidator(forms.hook)]
MailServer = Annotated[str | Secret, PlainValidator(forms.mail_server)]
MailAddress = Annotated[str, PlainValidator(forms.mail_address)]
Credential = Annotated[str | Secret, PlainValidator(forms.credential)]
Network = Annotated[str, PlainValidator(forms.network)]
Imports = Annotated[str | list[str], PlainValidator(forms.imports)]
Days = Annotated[int, Field(ge=1, le=3660)]

_DEFAULT_ABSENCE = AbsencePolicy()


class Entry(BaseModel):
    """Strict: a key that isn't known, or a number where text belongs, is a problem and no guess."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class SettingsEntry(Entry):
    """`settings:` what holds for the whole portfolio; what is left out has its default."""

    interval: Minutes | None = None
    retention_days: Days | None = None
    past_days: Days | None = None
    fetch_budget: Minutes | None = None
    user_agent: Text | None = None
    allow_private: list[Network] | None = None


class DefaultsEntry(Entry):
    """`defaults:` what a listing has unless it says otherwise."""

    timezone: Zone | None = None
    check_in: Clock = "15:00"
    check_out: Clock = "11:00"


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


class AlertEntry(Entry):
    """One of `alerts:`; exactly one of the keys, and with `smtp` also `to`."""

    webhook: Hook | None = None
    smtp: MailServer | None = None
    to: Annotated[list[MailAddress], BeforeValidator(_several), Field(min_length=1)] | None = None
    command: Annotated[list[Text], Field(min_length=1)] | None = None
    heartbeat: Hook | None = None

    @property
    def given(self) -> dict[str, str | Secret | list[str]]:
        """The places that are written, by key."""
        places = {
            "webhook": self.webhook,
            "smtp": self.smtp,
            "command": self.command,
            "heartbeat": self.heartbeat,
        }
        return {kind: place for kind, place in places.items() if place is not None}


class FeedEntry(Entry):
    """`feed:` how a listing is published."""

    token: bool = True
    style: Annotated[Style, Field(strict=False)] = Style.ALL_DAY
    audiences: Annotated[list[Text], Field(min_length=1)] | None = None
    blocks: Annotated[Blocks, Field(strict=False)] = Blocks.EXPORT


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class FieldEntry(Entry):
    """One of `fields:` a name, or a name with a label; one that is not `enabled` keeps its place."""

    name: Text
    label: Text | None = None
    enabled: bool = True


class ListingEntry(Entry):
    """One of `listings:`."""

    slug: Slug
    name: Text | None = None
    timezone: Zone | None = None
    check_in: Clock | None = None
    check_out: Clock | None = None
    enabled: bool = True
    sync: bool = True
    feed: FeedEntry = FeedEntry()
    fields: list[Annotated[FieldEntry, BeforeValidator(_named)]] | None = None
    rooms: list[Slug] = Field(default_factory=list)
    renamed_from: Slug | None = None


class AbsenceEntry(Entry):
    """`absence:` when what vanished counts as gone."""

    misses: Annotated[int, Field(ge=1, le=100)] = _DEFAULT_ABSENCE.misses
    minutes: Annotated[int, Field(ge=0, le=10_080)] = int(_DEFAULT_ABSENCE.wait.total_seconds() // 60)
    quarantine_hours: Annotated[int, Field(ge=1, le=720)] = int(
        _DEFAULT_ABSENCE.quarantine.total_seconds() // 3600
    )


class ConnectionEntry(Entry):
    """One of `connections:` a calendar (`url`, `listing`) or an account (`credentials`, `listings`)."""

    id: Slug
    channel: Text
    listing: Slug | None = None
    url: Location | None = None
    credentials: dict[str, Credential] | None = None
    base_url: WebAddress | None = None
    listings: dict[str, Slug] = Field(default_factory=dict)
    interval: Minutes | None = None
    absence: AbsenceEntry = AbsenceEntry()
    imports: Imports = "auto"
    end_is_last_night: bool = False
    enabled: bool = True
    acknowledge: bool = False
    webhook_secret: Credential | None = None
    renamed_from: Slug | None = None


class FileEntry(Entry):
    """The whole file; listings and connections are checked one by one."""

    version: Literal[1]
    public_url: WebAddress | None = None
    settings: SettingsEntry = SettingsEntry()
    defaults: DefaultsEntry = DefaultsEntry()
    alerts: list[AlertEntry] = Field(default_factory=list)
    listings: list[Any] = Field(default_factory=list)
    connections: list[Any] = Field(default_factory=list)
