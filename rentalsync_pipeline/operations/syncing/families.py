"""Houses and their rooms: whose stays hold whose nights, and who is matched together.

Belongs here: telling the warehouse of the families, and finding those with news. Does not: the families
themselves (`core.portfolio`), what a relative's stay does to a night (`warehouse/queries`).
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from rentalsync_pipeline.core.portfolio import Portfolio
from rentalsync_pipeline.operations.batching import todays
from rentalsync_pipeline.operations.stores import Run
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import utc
from rentalsync_pipeline.warehouse.warehouse import Warehouse


def note_kin(warehouse: Warehouse, portfolio: Portfolio, run: Run) -> None:
    """Note who is whose relative by now, and which nights turn busy or free by that."""
    kin = [(slug, relative) for slug, relatives in portfolio.kin().items() for relative in relatives]
    warehouse.stage("kin_now", tables.KIN, kin)
    changed = [row["listing"] for row in warehouse.rows("kin_news")]
    if changed:
        warehouse.stage("batch", tables.BATCH, list(todays(portfolio, changed, run.now)))
        warehouse.run("nights_before")
        warehouse.run("kin_replace", run_id=run.id)
        warehouse.run("nights_turned", now=utc(run.now), run_id=run.id)


def families(warehouse: Warehouse) -> list[list[str]]:
    """Those with news, each with all its listings: a house and its rooms, or one listing by itself."""
    rows = groupby(warehouse.rows("work_families"), key=itemgetter("family"))
    return [[row["listing"] for row in family] for _, family in rows]
