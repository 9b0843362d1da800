"""Why a site stands empty: rules on shares that no mix keeps, and chips of no use.

Where only the empty site keeps all caps there are no shadow prices. What would have to
give way follows from the shares alone, for power and money only scale a mix.
"""

from __future__ import annotations

import numpy as np

from breakeven.models.base import Array
from breakeven.models.site_corners import Caps

TINY = 1e-9  # share below which rules are kept

# Why a chip alone brings nothing to a site.
BARRED = (
    "",
    "not known well enough",
    "none is to be had",
    "the budget does not pay for its design",
    "each costs more than it earns",
    "all of them together do not earn their design back",
)


def shares_over(least: Array, most: Array) -> tuple[Array, Array]:
    """Excess of the least shares over the whole, and what the most leave open. [1].

    Parameters
    ----------
    least
        Least share of each chip or vendor, along the last axis. [1]
    most
        Most share of each, 1 without a rule. [1]

    References
    ----------
    Own definition.
    """
    over, under = np.sum(least, axis=-1) - 1.0, 1.0 - np.sum(most, axis=-1)
    return np.where(over > TINY, over, 0.0), np.where(under > TINY, under, 0.0)


def relaxations(caps: Caps) -> dict[str, Array]:
    """Least changes that let a site hold anything, each 0 if not needed. [mixed].

    ``least_over`` is what the least shares have to come down by in all, ``most_under``
    what the most shares have to go up by in all, ``own_over`` what the least share of
    one chip has to come down by [1], ``design_short`` what the budget has to grow by to
    pay for every design that a least share asks for [USD].

    Parameters
    ----------
    caps
        Chips and caps. [mixed]

    References
    ----------
    Own definition.
    """
    held = (caps.supply > 0) & (caps.weight > 0)
    most = np.where(held, caps.most_share, 0.0)
    # with nothing on the site but what is rented, no share is counted
    bare = ((caps.supply > 0) & (caps.weight == 0) & (caps.value != 0)).any(axis=-1)
    over, under = shares_over(caps.least_share, most)
    own = np.where(caps.least_share > most + TINY, caps.least_share - most, 0.0)
    asked = np.where(caps.least_share > 0, caps.one_off, 0.0).sum(axis=-1)
    short = np.maximum(asked - caps.budget, 0.0)
    # no chip is to be had: no share would help
    bare |= ~held.any(axis=-1)
    return {
        "least_over": np.where(bare, 0.0, over),
        "most_under": np.where(bare, 0.0, under),
        "own_over": np.where(bare[..., None], 0.0, own),
        "design_short": np.where(bare, 0.0, short),
    }


def reasons(caps: Caps, able: Array, most: Array) -> Array:
    """Why each chip alone brings nothing, places in :data:`BARRED`. [1].

    Parameters
    ----------
    caps
        Chips and caps, rules on shares aside. [mixed]
    able
        Whether the chip's numbers are known. [1]
    most
        Most chips that the caps allow. [chip]

    References
    ----------
    Own definition.
    """
    cases = [
        ~np.asarray(able, bool),
        caps.supply <= 0,
        (caps.one_off > 0) & (caps.one_off >= caps.budget[..., None]),
        caps.value <= 0,
        caps.value * np.where(np.isfinite(most), most, np.inf) <= caps.one_off_value,
    ]
    return np.select(cases, [1.0, 2.0, 3.0, 4.0, 5.0], 0.0)
