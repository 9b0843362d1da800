"""Bill of materials of one packaged chip."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.base import Array, Model, quantity


def bill_of_materials(
    logic: ArrayLike,
    hbm_capacity: ArrayLike = 0.0,
    hbm_price: ArrayLike = 0.0,
    packaging: ArrayLike = 0.0,
    test: ArrayLike = 0.0,
    yield_loss: ArrayLike = 0.0,
    board: ArrayLike = 0.0,
) -> Array:
    """Cost of what goes into one packaged chip. [USD].

    Arguments broadcast: logic [USD] known good dies, hbm_capacity [byte], hbm_price
    [USD/byte], packaging [USD], test [USD], yield_loss [USD] of assembly, board [USD].

    The sum of the parts. NRE and margins are left out.

    References
    ----------
    .. [1] Silicon Analysts, "NVIDIA B200 Cost Breakdown," 2026 (the parts of the bill).
    """
    memory = np.asarray(hbm_capacity, dtype=float) * np.asarray(hbm_price, dtype=float)
    total = np.asarray(logic, dtype=float) + memory
    for part in (packaging, test, yield_loss, board):
        total = total + np.asarray(part, dtype=float)
    return total


def cost_after_price_change(
    cost: ArrayLike, share: ArrayLike, change: ArrayLike
) -> Array:
    """Cost after the price of one part changes. [USD].

    Arguments broadcast: cost [USD] before, share [1] of the part in it, change [1]
    relative, 0.2 for +20%.

    c (1 + s dP/P), quantities unchanged.

    References
    ----------
    .. [1] Silicon Analysts, "HBM3e contract prices rise 20%," 2026-06-27.
    """
    shift = np.asarray(share, dtype=float) * np.asarray(change, dtype=float)
    return np.asarray(cost, dtype=float) * (1.0 + shift)


class BillOfMaterials(Model):
    """Cost of what goes into one packaged chip."""

    logic = quantity(900.0, "USD", "Known good dies", slider=(50, 5_000))
    hbm_capacity = quantity(192.0, "GB", "Memory", slider=(0, 600))
    hbm_price = quantity(15.0, "USD/GB", "Price of memory", slider=(4, 40))
    packaging = quantity(1_100.0, "USD", "Packaging", slider=(0, 3_000))
    test = quantity(200.0, "USD", "Test", slider=(0, 1_000))
    yield_loss = quantity(1_000.0, "USD", "Loss in assembly", slider=(0, 3_000))
    board = quantity(300.0, "USD", "Board", slider=(0, 2_000))
    equation, result_unit = staticmethod(bill_of_materials), "USD"
