"""What one chip costs to make and to design, in lines that add up.

A figure that is not known is NaN and makes everything after it NaN; why is a code of
:data:`STATES`.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from breakeven.models.base import Array
from breakeven.models.dies import fits_reticle
from breakeven.models.learning import learning_exponent
from breakeven.models.making_parts import Inputs, good_die, known, package
from breakeven.models.margin import markup

BILL = (
    "good silicon",
    "lost silicon",
    "memory",
    "packaging",
    "assembly loss",
    "test",
    "board",
    "partner's margin",
)
NRE = ("design", "masks", "licences", "package", "software")
STATES = (
    "made",
    "a figure that it needs has not been published",
    "a die is larger than the reticle of 26 x 33 mm",
    "a wafer holds no good die",
)
MADE, UNKNOWN, OVERSIZED, NONE_GOOD = range(len(STATES))


def learned(inputs: Inputs, volume: Array) -> Array:
    """Cost at a volume over cost at the volume of the quoted prices. [1].

    Wright's law from the reference volume on, in Wright's own reading: the average
    over all chips.

    Parameters
    ----------
    inputs
        Inputs of a making in base units. [mixed]
    volume
        Chips made over the life of the design. [chip]

    References
    ----------
    EQ-16.
    """
    relative = volume / known(inputs, "reference_volume")
    return relative ** learning_exponent(known(inputs, "learning_rate"))


def lifetime_volume(inputs: Inputs) -> Array:
    """Chips made over the life of the design. [chip].

    Parameters
    ----------
    inputs
        Inputs of a making in base units. [mixed]

    References
    ----------
    Own definition.
    """
    return known(inputs, "volume_per_year") * known(inputs, "production_years")


def bill(law: str, packaging: str, inputs: Inputs, volume: Array) -> Array:
    """Cost of one chip by the lines of :data:`BILL`, on a new first axis. [USD].

    The lines add up to what the owner pays. Dies that fail, assemblies that fail and
    the margin of a partner have lines of their own; learning with volume lowers all
    but the memory.

    Parameters
    ----------
    law
        Yield law. [choice]
    packaging
        organic, chip-last or chip-first. [choice]
    inputs
        Inputs of a making in base units. [mixed]
    volume
        Chips made over the life of the design. [chip]

    References
    ----------
    EQ-16, EQ-21 to EQ-25, EQ-29.
    """
    die = good_die(law, inputs)
    count, other = known(inputs, "dies"), known(inputs, "other_silicon")
    some = np.where(die.gross > 0.0, die.gross, np.nan)
    ideal = known(inputs, "wafer_price") / some + known(inputs, "probe_cost")
    each = np.where(np.isinf(die.cost), np.nan, die.cost)
    memory = known(inputs, "memory_capacity") * known(inputs, "memory_price")
    logic = count * each + other
    inside = np.where(known(inputs, "memory_stacks") > 0.0, memory, 0.0)
    carrier, lost = package(packaging, logic + inside, inputs)
    factor = learned(inputs, volume)
    fixed = oversized(inputs)
    lines = [
        (count * ideal + other) * factor,
        count * (each - ideal) * factor,
        memory + 0.0 * factor,
        carrier * factor,
        lost * factor,
        known(inputs, "test") * factor,
        known(inputs, "board") * factor,
    ]
    made = np.stack(np.broadcast_arrays(*lines, fixed)[:-1])
    made = np.where(fixed, np.nan, made)
    margin = added(made) * (markup(known(inputs, "partner_margin")) - 1.0)
    return np.concatenate([made, margin[None]])


def added(lines: Array) -> Array:
    """Sum over the first axis, in its order whatever the other axes. [unit of lines].

    ``np.sum`` adds in another order where there is one draw than where there are many.

    Parameters
    ----------
    lines
        Lines of a bill, on the first axis. [any]

    References
    ----------
    Own definition.
    """
    return np.asarray(reduce(np.add, lines))


def oversized(inputs: Inputs) -> Array:
    """Whether a die cannot be printed in one exposure. [1].

    Parameters
    ----------
    inputs
        Inputs of a making in base units. [mixed]

    References
    ----------
    EQ-21.
    """
    width, height = known(inputs, "die_width"), known(inputs, "die_height")
    small = fits_reticle(width, height)
    return np.asarray(np.isfinite(width * height) & (small < 1.0))


def one_off(inputs: Inputs) -> Array:
    """Cost of designing one chip by the lines of :data:`NRE`, first axis. [USD].

    Parameters
    ----------
    inputs
        Inputs of a making in base units. [mixed]

    References
    ----------
    EQ-26.
    """
    lines = (
        known(inputs, "design_cost") * (1.0 - known(inputs, "reuse")),
        known(inputs, "mask_set") * (1.0 + known(inputs, "respins")),
        known(inputs, "intellectual_property"),
        known(inputs, "package_nre"),
        known(inputs, "software_nre"),
    )
    return np.stack(np.broadcast_arrays(*lines))


def state(law: str, inputs: Inputs, cost: Array) -> Array:
    """Code of :data:`STATES`: whether the chip can be made, and else why not. [1].

    Parameters
    ----------
    law
        Yield law. [choice]
    inputs
        Inputs of a making in base units. [mixed]
    cost
        Cost of one chip. [USD]

    References
    ----------
    Own definition.
    """
    die = good_die(law, inputs)
    empty = (die.gross * die.share <= 0.0) | np.isinf(cost)
    found = np.where(np.isnan(cost), UNKNOWN, MADE)
    return np.where(oversized(inputs), OVERSIZED, np.where(empty, NONE_GOOD, found))
