"""Rows of Python handed to DuckDB by the column, as Arrow.

Belongs here: making the Arrow table. Does not: which columns there are (`tables`), what is done with them
(`queries/`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from rentalsync_pipeline.warehouse.tables import Type


def arrow_table(columns: Mapping[str, Type], rows: Sequence[Sequence[object]]) -> Any:
    """The rows as a `pyarrow.Table`; a row holds its values in the order of `columns`."""
    pa = _arrow()
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    arrays = [
        pa.array(list(column), type=pa.list_(pa.string()) if kind is Type.TEXTS else kind.value)
        for column, kind in zip(values, columns.values(), strict=True)
    ]
    return pa.Table.from_arrays(arrays, names=list(columns))


@cache
def _arrow() -> Any:
    """pyarrow, slow to load and needed by syncs alone.

    It looks once, at its first array, whether that is one of pandas', and loads pandas for it: 45 MB that no
    sync needs. Whoever asks for a data frame later still gets one.
    """
    import pyarrow as pa  # noqa: PLC0415

    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    pa.array([])
    sys.meta_path.remove(finder)
    return pa


class _NoPandas:
    """Says to an import of pandas, while it is the first to be asked, that there is none."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)
