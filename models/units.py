"""Units: the one table, and the one place where a number changes its unit.

Presets keep a figure as its source prints it (3.35 TB/s); equations work in base
units (byte, FLOP, s, J, USD). Counts (token, chip, sequence, …) carry a label but no
dimension. Months and years are calendar means: 730 h and 8,760 h.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

HOUR = 3600.0
HOURS_PER_MONTH = 730.0
HOURS_PER_YEAR = 8760.0
MONTHS_PER_YEAR = 12

_COUNTS = (
    "1 token chip sequence request task step call layer core socket server "
    "replica expert element die wafer stack conversation"
).split()
_PREFIXES = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
_KI = {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}

Dimension = tuple[tuple[str, int], ...]


def _table() -> dict[str, tuple[float, dict[str, int]]]:
    table: dict[str, tuple[float, dict[str, int]]] = {n: (1.0, {}) for n in _COUNTS}
    table |= {"%": (0.01, {}), "byte": (1.0, {"byte": 1}), "bit": (0.125, {"byte": 1})}
    table |= {"FLOP": (1.0, {"FLOP": 1}), "OP": (1.0, {"FLOP": 1})}
    table |= {"J": (1.0, {"J": 1}), "W": (1.0, {"J": 1, "s": -1})}
    table |= {"Wh": (HOUR, {"J": 1}), "USD": (1.0, {"USD": 1})}
    table |= {"mm": (1.0, {"mm": 1}), "mm2": (1.0, {"mm": 2}), "nm": (1e-6, {"mm": 1})}
    table |= {"cm": (10.0, {"mm": 1}), "cm2": (100.0, {"mm": 2})}
    table |= {"g": (1.0, {"g": 1}), "kg": (1e3, {"g": 1}), "t": (1e6, {"g": 1})}
    seconds = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "min": 60.0, "h": HOUR}
    seconds |= {"day": 24 * HOUR, "week": 168 * HOUR, "month": HOURS_PER_MONTH * HOUR}
    seconds |= {"year": HOURS_PER_YEAR * HOUR}
    table |= {name: (factor, {"s": 1}) for name, factor in seconds.items()}
    table |= {"Hz": (1.0, {"s": -1}), "GHz": (1e9, {"s": -1})}
    for name in ("bit", "FLOP", "OP", "J", "W", "Wh", "USD", "token", "chip", "core"):
        factor, dimension = table[name]
        for prefix, power in _PREFIXES.items():
            table[prefix + name] = (factor * power, dimension)
    for prefix, power in (_PREFIXES | _KI).items():
        table[prefix + "B"] = (power, {"byte": 1})
    table["B"] = table["byte"]
    table["BUSD"] = (1e9, {"USD": 1})
    return table


_ATOMS = _table()


@cache
def parse(unit: str) -> tuple[float, Dimension]:
    """Factor to base units, and dimension, of a unit such as ``USD/kW/month``. [1].

    ``*`` multiplies, each ``/`` divides by the one atom after it.

    Raises
    ------
    ValueError
        If an atom is not in the table; the message offers the nearest one.
    """
    factor, dimension = 1.0, dict[str, int]()
    for position, group in enumerate(unit.split("/")):
        for atom in group.split("*"):
            if atom not in _ATOMS:
                near = get_close_matches(atom, _ATOMS, 3, 0.5)
                hint = f"; near: {', '.join(near)}" if near else ""
                raise ValueError(f"unknown unit {atom!r} in {unit!r}{hint}")
            size, parts = _ATOMS[atom]
            sign = 1 if position == 0 else -1
            factor *= size**sign
            for base, power in parts.items():
                dimension[base] = dimension.get(base, 0) + sign * power
    return factor, tuple(sorted((b, p) for b, p in dimension.items() if p))


@cache
def factor(unit: str) -> float:
    """Size of one ``unit`` in base units. [base unit]."""
    return parse(unit)[0]


def dimension(unit: str) -> Dimension:
    """Exponents of the base units of ``unit``, sorted by base unit. [1]."""
    return parse(unit)[1]


def conversion(source: str, target: str) -> float:
    """Factor that turns a number in ``source`` into one in ``target``. [1].

    Raises
    ------
    ValueError
        If the two do not measure the same thing, or one is unknown.
    """
    if dimension(source) != dimension(target):
        raise ValueError(f"unit {source!r} does not fit: a unit of {target!r} is due")
    return factor(source) / factor(target)
