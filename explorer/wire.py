"""One float32 buffer per event: packed here, unpacked in the browser by unpack.js."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Buffer = NDArray[np.float32]

# Arrays that an entry of a layout takes from the buffer, by its kind; for `columns`
# it is the number of its columns. The same table stands in unpack.js.
TAKES = {
    "paths": 2,
    "bands": 3,
    "ends": 3,
    "stack": 2,
    "grouped": 1,
    "range": 1,
    "words": 1,
    "tornado": 6,
    "picture": 1,
    "ladder": 2,
}


def packed(arrays: Sequence[ArrayLike]) -> Buffer:
    """Arrays one after the other behind their number and lengths. [float32]."""
    flat = [np.asarray(array, dtype=np.float64).ravel() for array in arrays]
    head = np.array([len(flat), *(array.size for array in flat)], dtype=np.float64)
    return np.concatenate([head, *flat]).astype(np.float32)


def unpacked(buffer: Buffer) -> list[Buffer]:
    """The arrays of a buffer, as the browser sees them. [float32]."""
    count = int(buffer[0])
    ends = 1 + count + np.cumsum(buffer[1 : 1 + count].astype(int))
    return np.split(buffer[1 + count :], ends[:-1] - 1 - count) if count else []


def taken(entries: Sequence[dict[str, Any]]) -> int:
    """Number of arrays that the entries of a layout take. [1]."""
    return sum(
        len(entry["columns"]) if entry["kind"] == "columns" else TAKES[entry["kind"]]
        for entry in entries
    )
