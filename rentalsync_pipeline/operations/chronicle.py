"""What a sync notes of itself so that it can be replayed: its clock, its steps, configuration, decisions.

Belongs here: writing the chronicle, and the one form in which configuration is kept. Does not: the answers
(the sync log and the bodies), replaying (`past`, `rerun`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from rentalsync_pipeline.core.portfolio import Connection, Listing, Portfolio, Settings
from rentalsync_pipeline.operations.stores import Run
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import utc
from rentalsync_pipeline.warehouse.warehouse import Warehouse


class Step(StrEnum):
    """The steps of a sync that change what is known or published."""

    ABSORB = "absorb"
    MATCH = "match"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person asked for and a sync carried out.

    `subject` and `payload` name what a replay finds again: connections and stays, never the number of a
    quarantine or conflict.
    """

    kind: str
    subject: str
    payload: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


_SETTINGS, _LISTING, _CONNECTION = "settings", "listing", "connection"
_FORMS: Mapping[str, TypeAdapter[Any]] = {
    _SETTINGS: TypeAdapter(Settings),
    _LISTING: TypeAdapter(Listing),
    _CONNECTION: TypeAdapter(Connection),
}


def begin(warehouse: Warehouse, portfolio: Portfolio, run: Run) -> None:
    """Note a run and the configuration that it works with; nothing where it has been noted."""
    with warehouse.transaction():
        warehouse.stage("configured", tables.CONFIGURED, list(_parts(portfolio)))
        warehouse.run("chronicle_begin", run_id=run.id, as_of=utc(run.now), asked_by=run.asked_by)


def take_step(warehouse: Warehouse, run: Run, step: Step) -> None:
    """Note that the run took this step."""
    warehouse.run("chronicle_step", run_id=run.id, step=step)


def keep_decisions(warehouse: Warehouse, run: Run, decisions: Iterable[Decided]) -> None:
    """Note decisions that take effect in the transaction that is open."""
    made = [(each.kind, each.subject, json.dumps(dict(each.payload))) for each in decisions]
    if made:
        warehouse.stage("decisions_made", tables.DECISIONS_MADE, made)
        warehouse.run("chronicle_decisions", run_id=run.id)


def portfolio_of(parts: Collection[tuple[str, str]]) -> Portfolio:
    """The portfolio of these parts and values, in the order of their names as the control store has it."""
    read = [(part, _FORMS[part].validate_json(value)) for part, value in parts]
    (settings,) = (value for part, value in read if part == _SETTINGS)
    return Portfolio(
        listings=tuple(value for part, value in read if part == _LISTING),
        connections=tuple(value for part, value in read if part == _CONNECTION),
        settings=settings,
    )


def _parts(portfolio: Portfolio) -> Iterator[tuple[str, str, str]]:
    yield _SETTINGS, "", _form(_SETTINGS, portfolio.settings)
    for listing in portfolio.listings:
        yield _LISTING, listing.slug, _form(_LISTING, listing)
    for connection in portfolio.connections:
        plain = replace(connection, listings=dict(connection.listings))
        yield _CONNECTION, connection.id, _form(_CONNECTION, plain)


def _form(part: str, value: object) -> str:
    return _FORMS[part].dump_json(value).decode()
