"""Noticing that a channel writes otherwise than before.

Belongs here: learning shapes from answers with news, and telling of new ones. Does not: what a shape is
(`calendars.shapes`), which are known beforehand (`core.drift`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rentalsync_pipeline.calendars.shapes import shapes
from rentalsync_pipeline.core.drift import KNOWN, is_known
from rentalsync_pipeline.core.verdict import Verdict
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.syncing.judging import Judged
from rentalsync_pipeline.operations.syncing.reports import Row
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import utc
from rentalsync_pipeline.warehouse.warehouse import Warehouse


def learn_shapes(warehouse: Warehouse, judged: Sequence[Judged], run: Run) -> None:
    """Remember what accepted calendars show for the first time; within the caller's transaction."""
    seen = [row for answer in judged if answer.verdict is Verdict.ACCEPTED for row in _unknown(answer)]
    if seen:
        warehouse.stage("seen_shapes", tables.SEEN_SHAPES, seen)
        warehouse.run("shapes_learn", now=utc(run.now), run_id=run.id)


def new_shapes(stores: Stores, since: datetime) -> list[Row]:
    """Shapes that came as news since that moment, each with the connection that showed it."""
    with stores.warehouse() as warehouse:
        return warehouse.rows("report_drift", since=utc(since))


def _unknown(answer: Judged) -> Iterator[tuple[object, ...]]:
    connection = answer.connection
    has_table = connection.channel in KNOWN
    scope = connection.channel if has_table else connection.id
    for shape in shapes(answer.body or b""):
        if not is_known(connection.channel, shape):
            yield scope, shape.what, shape.shape, connection.id, has_table
