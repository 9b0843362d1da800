"""Points that no other point beats in everything."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from breakeven.models.base import Array


def pareto_front(values: Array) -> NDArray[np.int64]:
    """Rows that no other row beats, by rising first column. [1].

    Less is better in every column. A row is beaten by one that is nowhere more and
    somewhere less; of equal rows the first stands for all. Rows with a value that is
    not known are left out.

    Parameters
    ----------
    values
        A row for each point, a column for each objective. [any unit]

    References
    ----------
    H. T. Kung, F. Luccio and F. P. Preparata, "On finding the maxima of a set of
    vectors," J. ACM 22(4), 1975, doi:10.1145/321906.321910.
    """
    known = np.flatnonzero(np.isfinite(values).all(axis=1))
    _, first = np.unique(values[known], axis=0, return_index=True)
    left = known[first]  # in the order of the columns, the first column first
    if values.shape[1] == 2:
        second = values[left, 1]
        best = np.minimum.accumulate(np.append(np.inf, second[:-1]))
        return left[second < best]
    kept: list[int] = []
    while left.size:
        # in this order no later row beats an earlier one
        row = values[left[0]]
        kept.append(int(left[0]))
        left = left[1:][(values[left[1:]] < row).any(axis=1)]
    return np.array(kept, dtype=np.int64)
