"""Our own history, to try policies on: what each calendar answered, from the sync log and the kept bodies.

Belongs here: from the snapshot and the bodies to answers. Does not: what a policy makes of them (`backtest`).
Accounts are left out: their answers tell of several listings. A body that retention has removed says
nothing, as if the answer had failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import groupby
from operator import itemgetter

from rentalsync_pipeline.channels.registry import channel_of
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.model import Reading
from rentalsync_pipeline.operations.reading import Row, snapshot
from rentalsync_pipeline.operations.standpoint import Standpoint, standpoints
from rentalsync_pipeline.operations.trying.answers import Answer, Feed, answers
from rentalsync_pipeline.warehouse.bodies import Bodies
from rentalsync_pipeline.warehouse.moments import aware


def read_archive(control: ControlStore) -> list[Feed]:
    """The history of every calendar that is configured."""
    points, bodies = standpoints(control.portfolio()), Bodies(control.home.bodies)
    with snapshot(control.home) as rows:
        found = rows("archive")
    return [
        Feed(name, partial(_answers, points[name], bodies, list(asked)))
        for name, asked in groupby(found, key=itemgetter("connection"))
        if name in points and points[name].connection.listing
    ]


def _answers(point: Standpoint, bodies: Bodies, asked: Sequence[Row]) -> list[Answer]:
    channel = channel_of(point.connection)

    def read(content: str, today: date) -> Reading | None:
        body = bodies.read(content)
        return None if body is None else channel.read(body, point.context(today))

    return answers([(aware(row["started"]), row["content"]) for row in asked], point.day, read)
