"""What was said of trouble, so that nothing is said twice.

Belongs here: reading and keeping it. Does not: what to say (`core.alerts`).
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, select

from rentalsync_pipeline.control.database import upsert
from rentalsync_pipeline.control.schema import SaidRow, table_of
from rentalsync_pipeline.core.alerts import Matter, News, Trouble


def read(connection: Connection) -> list[Trouble]:
    """All that was said and is not over."""
    rows = connection.execute(select(table_of(SaidRow)).order_by(SaidRow.matter, SaidRow.subject))
    return [Trouble(Matter(row.matter), row.subject, row.text) for row in rows]


def record(connection: Connection, news: News) -> None:
    """Keep what has just been said, and forget what is over."""
    rows = [{"matter": each.matter, "subject": each.subject, "text": each.text} for each in news.begun]
    upsert(connection, table_of(SaidRow), rows, key=["matter", "subject"])
    if news.over:
        gone = delete(table_of(SaidRow)).where(
            SaidRow.matter == bindparam("gone_matter"), SaidRow.subject == bindparam("gone_subject")
        )
        keys = [{"gone_matter": each.matter, "gone_subject": each.subject} for each in news.over]
        connection.execute(gone, keys)
