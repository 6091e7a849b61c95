"""DuckDB, opened by one process at a time: the only place that speaks to it.

Belongs here: opening, migrating, transactions, running the statements of `queries/`. Does not: any SQL
(it lives in `schema/` and `queries/`), any rule (`core`), the order of steps (`operations`).
`Warehouse.open` is the seam behind which another engine of the same dialect can stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from rentalsync_pipeline.warehouse.handing import arrow_table
from rentalsync_pipeline.warehouse.tables import Type
from rentalsync_pipeline.warehouse.version import OutdatedError, digest, schema, script, snapshot_version


class WarehouseBusy(RuntimeError):
    """Another process holds the warehouse."""


class Warehouse:
    """One open warehouse. Statements are named after their files in `queries/`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def open(cls, path: Path, *, read_only: bool = False) -> Iterator[Warehouse]:
        """Open the file, create or migrate it, and close it whatever happens.

        Raises `WarehouseBusy` at once where another process holds it: the lock of a sync is a file lock
        (`operations.lock`), so waiting here would only hide a fault. Raises `OutdatedError`.
        """
        try:
            connection = duckdb.connect(str(path), read_only=read_only)
        except duckdb.IOException as error:
            if "lock" not in str(error):
                raise
            raise WarehouseBusy(f"another process holds {path.name}") from None
        try:
            # It would be drawn on stdout, where `--json` promises one document.
            connection.execute("SET enable_progress_bar = false")
            warehouse = cls(connection)
            if not read_only:
                warehouse._migrate()
            yield warehouse
        finally:
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def run(self, name: str, /, **parameters: object) -> None:
        """Execute every statement of `queries/<name>.sql`."""
        self._execute(script("queries", name), parameters)

    def rows(self, name: str, /, **parameters: object) -> list[dict[str, Any]]:
        """What the last statement of `queries/<name>.sql` selects."""
        self._execute(script("queries", name), parameters)
        columns = [column[0] for column in self._connection.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in self._connection.fetchall()]

    def value(self, name: str, /, **parameters: object) -> Any:
        """The single value that `queries/<name>.sql` selects."""
        self._execute(script("queries", name), parameters)
        row = self._connection.fetchone()
        return row[0] if row else None

    def stage(self, table: str, columns: Mapping[str, Type], rows: Sequence[Sequence[object]]) -> None:
        """Make `table` a temporary table of the rows given, for the statements that follow to join.

        A row holds its values in the order of `columns`.
        """
        self._connection.register("handed_over", arrow_table(columns, rows))
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM handed_over")
        self._connection.unregister("handed_over")

    def export(self, path: Path, name: str, **parameters: object) -> None:
        """Let `queries/<name>.sql` fill a new database, its `snapshot`, and put the file in place at once."""
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        quoted = str(draft).replace("'", "''")
        self._connection.execute(f"ATTACH '{quoted}' AS snapshot")
        try:
            self.run(name, version=snapshot_version(), **parameters)
        finally:
            self._connection.execute("DETACH snapshot")
        draft.replace(path)

    @property
    def is_current_snapshot(self) -> bool:
        """Whether this is a snapshot with the tables that readers of this version ask."""
        try:
            return bool(self.value("snapshot_version") == snapshot_version())
        except (duckdb.BinderException, duckdb.CatalogException):
            return False

    def _execute(self, script: str, parameters: Mapping[str, object]) -> None:
        for statement in self._connection.extract_statements(script):
            wanted = {name: parameters[name] for name in statement.named_parameters}
            self._connection.execute(statement, wanted)

    def _migrate(self) -> None:
        """Apply the schema files that this warehouse has not seen, in their order, each whole.

        Raises `OutdatedError` where it has seen one with another text: its tables can't be known.
        """
        self.run("migrations_table")
        seen = {row["name"]: row["digest"] for row in self.rows("migrations_seen")}
        for name, text in schema():
            if name not in seen:
                with self.transaction():
                    self._connection.execute(text)
                    self.run("migration_done", file=name, digest=digest(text))
            elif seen[name] != digest(text):
                raise OutdatedError(
                    "the warehouse was made by an unreleased version: move warehouse.duckdb and "
                    "snapshot.duckdb away and sync; addresses and UIDs stay, the history begins anew"
                )
