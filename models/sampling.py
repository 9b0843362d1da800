"""Points that fill a cube evenly, as normal scores, with rank correlations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from breakeven.models.base import Array, unknown_name

Correlations = Mapping[tuple[str, str], float]

_BITS = 30
_BLOCK = 2**14  # rows of a long sample that are made together
_STRONGEST = 0.999  # two inputs that move as one are one input
# Largest table of scores that is kept for the next call: 64 MB.
_KEPT = 2**23


def sobol_points(dimensions: int, count: int, seed: int, start: int = 0) -> Array:
    """Points of a scrambled Sobol' sequence, never on a face of the cube. [1].

    Row ``i`` is the same whatever ``start`` and ``count``, so a sample can be drawn in
    pieces, and a longer one begins with the shorter.

    Parameters
    ----------
    dimensions
        Numbers in a point. [1]
    count
        Points; no power of two is needed. [1]
    seed
        Of the scrambling. [1]
    start
        Points to leave out at the beginning. [1]

    References
    ----------
    A. B. Owen, "On dropping the first Sobol' point," in MCQMC 2020,
    doi:10.1007/978-3-030-98319-2_4; S. Joe and F. Y. Kuo, SIAM J. Sci. Comput. 30(5),
    2008, doi:10.1137/070709359.
    """
    if not dimensions or not count:
        return np.empty((count, dimensions))
    from scipy.stats import qmc  # as slow to import as all the rest: when it is drawn

    engine = qmc.Sobol(dimensions, bits=_BITS, rng=np.random.default_rng(seed))
    # Whole powers of two are asked for and cut: SciPy warns of any other number.
    whole = engine.random(1 << (start + count - 1).bit_length())
    return whole[start : start + count] + 0.5**_BITS / 2.0


class SobolStream:
    """Rows of :func:`sobol_points` from anywhere in it, some dimensions only.

    Rows of a block of ``2^m`` are those of the first block, their bits flipped where
    the first rows of the two blocks differ: the sequence is linear in the Gray code of
    the row. So the far rows of a sweep cost no more than the near ones.

    References
    ----------
    I. A. Antonov and V. M. Saleev, USSR Comput. Math. Math. Phys. 19(1), 1979,
    doi:10.1016/0041-5553(79)90085-5.
    """

    def __init__(self, dimensions: int, kept: Sequence[int], seed: int) -> None:
        from scipy.stats import qmc

        self._kept = list(kept)
        self._engine = qmc.Sobol(
            dimensions, bits=_BITS, rng=np.random.default_rng(seed)
        )
        self._near = self._bits(self._engine.random(_BLOCK))

    def points(self, start: int, count: int) -> Array:
        """Rows from ``start`` on, the kept dimensions first. [1]."""
        parts = [np.empty((len(self._kept), 0))]
        first, last = start // _BLOCK, (start + count - 1) // _BLOCK
        for block in range(first, last + 1 if count else first):
            rows = slice(max(start - block * _BLOCK, 0), start + count - block * _BLOCK)
            flipped = self._near[0] ^ self._first(block)
            bits = self._near[rows] ^ flipped
            parts.append(bits.T * 0.5**_BITS + 0.5**_BITS / 2.0)
        return np.concatenate(parts, axis=1)

    def scores(self, start: int, count: int) -> Array:
        """Standard normal scores of :meth:`points`. [1]."""
        return np.asarray(ndtri(self.points(start, count)))

    def _first(self, block: int) -> NDArray[np.int64]:
        """Bits of the first row of a block."""
        ahead = block * _BLOCK - self._engine.num_generated
        if ahead < 0:
            self._engine.reset()
            ahead = block * _BLOCK
        if ahead:
            self._engine.fast_forward(ahead)
        return self._bits(self._engine.random(1))[0]

    def _bits(self, points: Array) -> NDArray[np.int64]:
        return (points[:, self._kept] * 2.0**_BITS).astype(np.int64)


def scores(dimensions: int, count: int, seed: int) -> Array:
    """Standard normal scores of Sobol' points, dimension first; do not change. [1].

    Parameters
    ----------
    dimensions
        Scores of one draw. [1]
    count
        Draws. [1]
    seed
        Of the scrambling. [1]

    References
    ----------
    As :func:`sobol_points`.
    """
    if dimensions * count <= _KEPT:
        return _kept_scores(dimensions, count, seed)
    return np.ascontiguousarray(ndtri(sobol_points(dimensions, count, seed).T))


@lru_cache(maxsize=4)
def _kept_scores(dimensions: int, count: int, seed: int) -> Array:
    """Scores that the next drag of a slider asks for again."""
    found = np.ascontiguousarray(ndtri(sobol_points(dimensions, count, seed).T))
    found.flags.writeable = False
    return found


def rank_to_normal(correlation: Array) -> Array:
    """Correlation of normal scores whose ranks have a given correlation. [1].

    ``2 sin(pi rho / 6)`` for Spearman's rho.

    Parameters
    ----------
    correlation
        Spearman's rank correlation. [1]

    References
    ----------
    K. Pearson, "On further methods of determining correlation," Drapers' Company
    Research Memoirs, Biometric Series IV, 1907.
    """
    return 2.0 * np.sin(np.pi * np.asarray(correlation, float) / 6.0)


def correlation_matrix(names: Sequence[str], pairs: Correlations) -> Array:
    """Correlations of normal scores for pairs of rank correlations. [1].

    Parameters
    ----------
    names
        Inputs, in the order of rows and columns. [text]
    pairs
        Spearman's correlation by pair of inputs; 0 for the others. [1]

    Raises
    ------
    KeyError
        When a pair names an input that is not among ``names``.
    ValueError
        When a correlation is beyond 0.999, is given twice with two values, pairs an
        input with itself, or the matrix is not positive definite: the pair that
        has to move most is named.

    References
    ----------
    R. L. Iman and W. J. Conover, Commun. Stat. B 11(3), 1982,
    doi:10.1080/03610918208812265.
    """
    matrix = np.eye(len(names))
    given: dict[frozenset[str], float] = {}
    for (first, second), value in pairs.items():
        for name in (first, second):
            if name not in names:
                raise unknown_name("uncertain input", name, names)
        said = f"correlation of {first} and {second} = {value:g}"
        if first == second:
            raise ValueError(f"{said}: two different inputs are needed")
        if not abs(value) <= _STRONGEST:
            raise ValueError(f"{said} must lie within {_STRONGEST} of 0")
        if given.setdefault(frozenset((first, second)), value) != value:
            raise ValueError(f"{said} is given twice, with two values")
        row, column = names.index(first), names.index(second)
        matrix[row, column] = matrix[column, row] = rank_to_normal(np.asarray(value))
    if np.linalg.eigvalsh(matrix)[0] < 1e-9:
        raise ValueError(_indefinite(names, matrix, given))
    return matrix


def correlated(independent: Array, matrix: Array) -> Array:
    """Normal scores with given correlations, made from independent ones. [1].

    Parameters
    ----------
    independent
        Scores, input first. [1]
    matrix
        Correlations of the scores, positive definite. [1]

    References
    ----------
    Gaussian copula: R. B. Nelsen, An Introduction to Copulas, Springer, 2006, section
    2.3, doi:10.1007/0-387-28678-0.
    """
    factor = np.linalg.cholesky(matrix)
    # Term by term: a matrix product rounds by the number of draws.
    rows = [
        sum(factor[row, place] * independent[place] for place in range(row + 1))
        for row in range(len(factor))
    ]
    return np.stack([np.asarray(row) for row in rows])


def _indefinite(
    names: Sequence[str], matrix: Array, given: dict[frozenset[str], float]
) -> str:
    """Message that names the given pair furthest outside what the others allow."""
    worst, said = 0.0, "they contradict each other in more than one place"
    for pair, value in given.items():
        row, column = sorted(names.index(name) for name in pair)
        low, high = _allowed(matrix, row, column)
        beyond = max(low - matrix[row, column], matrix[row, column] - high)
        if beyond > worst:
            low, high = (6.0 / np.pi * np.arcsin(np.array((low, high)) / 2.0)).tolist()
            worst, said = (
                beyond,
                f"{names[row]} and {names[column]} = {value:g} contradicts the others, "
                f"which allow {low:.3g} to {high:.3g}",
            )
    return f"correlations are not positive definite: {said}"


def _allowed(matrix: Array, row: int, column: int) -> tuple[float, float]:
    """Range of one correlation that the others leave; all of it when they disagree."""
    rest = [i for i in range(len(matrix)) if i not in (row, column)]
    inner, sides = matrix[np.ix_(rest, rest)], matrix[np.ix_(rest, [row, column])]
    if np.linalg.eigvalsh(inner)[0] <= 0.0:
        return -1.0, 1.0
    explained = sides.T @ np.linalg.solve(inner, sides)
    left = (1.0 - explained[0, 0], 1.0 - explained[1, 1])
    if min(left) <= 0.0:
        return -1.0, 1.0
    room = float(np.sqrt(left[0] * left[1]))
    return float(explained[0, 1]) - room, float(explained[0, 1]) + room
