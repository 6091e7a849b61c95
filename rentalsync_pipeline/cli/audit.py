"""`audit`: who changed what, and whether the log of it is as it was written."""

from __future__ import annotations

from datetime import datetime
from textwrap import shorten

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, moment
from rentalsync_pipeline.cli.exits import Exit
from rentalsync_pipeline.cli.group import OrList
from rentalsync_pipeline.control.chain import Entry, Recorded, Verified
from rentalsync_pipeline.core.facts import facts

_SHOWN = 160
"""Characters of a change in the table; `--json` has all."""


@click.group("audit", cls=OrList)
def run() -> None:
    """Who changed what: `rentalsync audit` lists it, `verify` proves that nothing was touched since."""


@command("list", "rentalsync audit list --since 2026-11-01T00:00:00Z --subject downtown-loft")
@click.option("--since", callback=moment, metavar="MOMENT", help="What was changed since then.")
@click.option("--subject", metavar="NAME", help="Of this listing, connection, token, … only.")
def list_changes(desk: Desk, since: datetime | None, subject: str | None) -> None:
    """Every change of configuration, credentials, tokens and addresses, and every decision, oldest first.

    Whoever made it: a command, a page, the API. Secrets are never in it, guests neither.
    """
    with desk.control() as control:
        found = control.audit.rows(since, subject)
    columns = ("", "changed (UTC)", "by", "what", "which", "change")
    desk.answer(list(map(_flat, found)), lambda: output.show_table(columns, map(_row, found)))


@command("verify", "rentalsync audit verify --head 9f86d081884c…")
@click.option("--head", metavar="HASH", help="A head that you noted: its row must be there still.")
def verify(desk: Desk, head: str | None) -> Exit:
    """Whether the log is as it was written, row by row; ends with 1 where it is not.

    Each row is bound to the one before it by its hash, the last of which is the head. Note that elsewhere
    from time to time: it finds out a log, too, of which the end was cut off or all was written anew.
    """
    with desk.control() as control:
        found = control.audit.verify(head)
    desk.answer(found, lambda: _show(found))
    return Exit.FAILED if found.fault else Exit.SUCCESS


def _show(found: Verified) -> None:
    if found.fault:
        output.show(f"{found.fault}. {output.some(found.rows, 'row')} before that as written.", "red")
        return
    output.show(f"{output.some(found.rows, 'row')}, all as written. To note elsewhere, the head:", "green")
    output.show_line(found.head)


def _flat(row: Recorded) -> dict[str, object]:
    told = facts(row)
    return {**told, **facts(told.pop("entry"))}


def _row(row: Recorded) -> tuple[object, ...]:
    entry = row.entry
    return (
        row.number,
        row.at,
        output.plain(row.who),
        entry.action.replace("_", " "),
        output.plain(entry.subject),
        output.plain(shorten("; ".join(_changes(entry)), _SHOWN, placeholder=" …")),
    )


def _changes(entry: Entry) -> list[str]:
    old, new = entry.old or {}, entry.new or {}
    if old and new:
        return [f"{name}: {old[name] or '–'} → {new[name] or '–'}" for name in old]
    return [f"{name}: {value or '–'}" for name, value in (new or old).items()]


for _each in (list_changes, verify):
    run.add_command(_each)
