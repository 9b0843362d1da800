"""Columns as CSV or Parquet: the bytes of one part, and parts as one file."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from breakeven.explorer.rows import Coded, Column

SUFFIXES = (".csv", ".parquet")


def checked_suffix(path: Path) -> str:
    """Suffix of a file that a table can be written to.

    Raises
    ------
    ValueError
        When it is another one, or Parquet is not installed.
    """
    if path.suffix not in SUFFIXES:
        raise ValueError(f"{path.name}: a sweep is written to .csv or .parquet")
    if path.suffix == ".parquet" and find_spec("pyarrow") is None:
        raise ValueError(
            f"{path.name}: Parquet needs pyarrow: pip install 'breakeven[sweep]'"
        )
    return path.suffix


def encoded(header: Sequence[str], columns: Sequence[Column], suffix: str) -> bytes:
    """Rows as bytes: lines without a header, or a Parquet file of their own."""
    if suffix == ".csv":
        return _lines([_texts(column) for column in columns])
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(_table(header, columns), sink)
    return sink.getvalue()


def join(
    header: Sequence[str], files: Sequence[Path], target: Path, suffix: str
) -> None:
    """Write parts one after the other as one file, header first."""
    if suffix == ".csv":
        head = io.StringIO()
        csv.writer(head, lineterminator="\n").writerow(header)
        with target.open("wb") as whole:
            whole.write(head.getvalue().encode())
            for file in files:
                with file.open("rb") as part:
                    shutil.copyfileobj(part, whole, 1 << 20)
        return
    import pyarrow.parquet as pq

    with pq.ParquetWriter(target, pq.read_schema(files[0])) as writer:
        for file in files:
            writer.write_table(pq.read_table(file))


def _lines(columns: list[list[str]]) -> bytes:
    if not columns or not columns[0]:
        return b""
    return ("\n".join(map(",".join, zip(*columns, strict=True))) + "\n").encode()


def _texts(column: Column) -> list[str]:
    """Texts of a column: what is unknown is empty, a float is written to read back."""
    if isinstance(column, Coded):
        texts = np.array([_text(value) for value in column.values], dtype=object)
        return texts[column.codes].tolist()
    if column.size and (column == column[0]).all():
        return [_text(float(column[0]))] * column.size
    texts = list(map(repr, column.tolist()))
    if np.isnan(column).any():
        return ["" if text == "nan" else text for text in texts]
    return texts


def _text(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else repr(value)
    text = str(value)
    if any(mark in text for mark in ',"\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _table(header: Sequence[str], columns: Sequence[Column]) -> Any:
    import pyarrow as pa

    arrays = []
    for column in columns:
        if not isinstance(column, Coded):
            arrays.append(pa.array(column, mask=np.isnan(column)))
        elif isinstance(column.values[0], float):
            arrays.append(pa.array(np.array(column.values)[column.codes]))
        else:
            # plain text: parts with other values must have the same schema
            named = pa.DictionaryArray.from_arrays(
                pa.array(column.codes, pa.int32()), pa.array(column.values)
            )
            arrays.append(named.cast(pa.string()))
    return pa.table(arrays, names=list(header))
