"""Which software stack a chip is modelled with, and whether it is borrowed.

``stacks.csv`` holds one preset per chip and kind of work that was measured, and one per
class of chips; ``stack_classes.csv`` files every chip in a class and says which kinds
of work were measured on it. A chip that nobody has measured takes the stack of its
class, and says so. Both files are written by ``breakeven calibrate``.
"""

from __future__ import annotations

import csv
from difflib import get_close_matches
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "stack_classes.csv"
COLUMNS = ("chip", "family", "serving", "training", "note")
PHASES = {"serving": "serve", "training": "train"}  # and how presets end


@cache
def classes() -> dict[str, dict[str, str]]:
    """Rows of ``stack_classes.csv`` by chip.

    Raises
    ------
    ValueError
        If the file does not have the columns it is documented to have.
    """
    with _FILE.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{_FILE.name}:1: columns must be {','.join(COLUMNS)}")
        return {row["chip"]: row for row in reader}


def stack_for(chip: str, phase: str = "serving") -> tuple[str, bool]:
    """Name of the stack preset of a chip, and whether it is borrowed from its class.

    ``phase`` is "serving" or "training". The preset holds the number format usual on
    the chip; rows such as ``compute_efficiency_bf16`` hold what another format changes.

    Raises
    ------
    KeyError
        If the chip is in no class or the phase is neither; near names are offered.
    """
    if phase not in PHASES:
        raise KeyError(f"unknown phase {phase!r}; one of {', '.join(PHASES)}")
    known = classes()
    if chip not in known:
        near = get_close_matches(chip, known, 3, 0.4)
        hint = f"; near: {', '.join(near)}" if near else ""
        raise KeyError(f"unknown chip {chip!r}{hint}")
    row = known[chip]
    borrowed = row[phase] == "0"
    owner = row["family"] if borrowed else chip
    return f"{owner}_{PHASES[phase]}", borrowed
