"""Cost of capital and levelised cost.

The levelised cost is the price that makes the net present value zero. Output may be
kWh, million tokens or chip-hours: the cost comes out per unit of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.annuity import capital_recovery_factor
from breakeven.models.base import Array, Model, fraction, quantity
from breakeven.models.cash_flow import net_present_value


def wacc(
    equity_share: ArrayLike,
    equity_cost: ArrayLike,
    debt_cost: ArrayLike,
    tax_rate: ArrayLike = 0.0,
) -> Array:
    """Weighted average cost of capital. [1/year].

    Arguments broadcast: equity_share [1], equity_cost [1/year], debt_cost [1/year],
    tax_rate [1] on profits (interest is deducted; 0 for the pre-tax cost).

    w_E k_E + (1 - w_E) k_D (1 - T). Discount after-tax flows with the after-tax cost
    only, and nominal flows with nominal costs.

    References
    ----------
    .. [1] W. Short, D. J. Packey and T. Holt, NREL/TP-462-5173, 1995.
    """
    share, tax = np.asarray(equity_share, float), np.asarray(tax_rate, float)
    debt = (1.0 - share) * np.asarray(debt_cost, float) * (1.0 - tax)
    return share * np.asarray(equity_cost, float) + debt


def fixed_charge_rate(
    rate: ArrayLike,
    periods: ArrayLike,
    tax_rate: ArrayLike = 0.0,
    depreciation_value: ArrayLike = 0.0,
) -> Array:
    """Yearly revenue that carries one unit of capital, taxes included. [1/year].

    Arguments broadcast: rate [1/year], periods [year], tax_rate [1] on profits,
    depreciation_value [1] the present value of tax depreciation per unit of capital.

    CRF (1 - T PV(dep)) / (1 - T). Without taxes it is the capital recovery factor.
    Property tax and insurance are left out.

    References
    ----------
    .. [1] W. Short, D. J. Packey and T. Holt, NREL/TP-462-5173, 1995.
    """
    tax = np.asarray(tax_rate, dtype=float)
    gross = (1.0 - tax * np.asarray(depreciation_value, dtype=float)) / (1.0 - tax)
    return capital_recovery_factor(rate, periods) * gross


def levelized_cost(
    capital_cost: ArrayLike,
    fixed_charge_rate: ArrayLike,
    fixed_operating_cost: ArrayLike,
    annual_output: ArrayLike,
    variable_operating_cost: ArrayLike = 0.0,
) -> Array:
    """Levelised cost of one unit of output, fixed-charge-rate form. [USD/unit].

    Arguments broadcast: capital_cost [USD], fixed_charge_rate [1/year],
    fixed_operating_cost [USD/year], annual_output [unit/year],
    variable_operating_cost [USD/unit].

    (FCR C + FOM) / Q + VOM. Valid for level output and costs; otherwise use
    :func:`levelized_cost_of_cash_flows`.

    Examples
    --------
    >>> float(levelized_cost(1e6, 0.1, 50_000.0, 300_000.0, 0.25))
    0.75

    References
    ----------
    .. [1] NREL System Advisor Model, "LCOE Calculator (FCR method)," module lcoefcr.
    """
    fixed = np.asarray(fixed_charge_rate, float) * np.asarray(capital_cost, float)
    yearly = fixed + np.asarray(fixed_operating_cost, float)
    variable = np.asarray(variable_operating_cost, float)
    return yearly / np.asarray(annual_output, float) + variable


def levelized_cost_of_cash_flows(
    rate: ArrayLike, costs: ArrayLike, output: ArrayLike
) -> Array:
    """Levelised cost of one unit of output, cash-flow form. [USD/unit].

    rate [1/period] broadcasts with the leading axes of costs [USD] and output [unit],
    whose last axis is time from t = 0. A cost is positive; salvage is a negative cost.

    sum costs_t / (1 + r)^t / sum output_t / (1 + r)^t: the constant price that makes
    the net present value zero. It holds for any profile of cost and output.

    References
    ----------
    .. [1] W. Short, D. J. Packey and T. Holt, NREL/TP-462-5173, 1995 (levelised cost).
    """
    return net_present_value(rate, costs) / net_present_value(rate, output)


class Wacc(Model):
    """Weighted average cost of capital a year."""

    equity_share = fraction(0.6, "Share of equity in the capital", slider=(0.0, 1.0))
    equity_cost = quantity(0.10, "1", "Yearly return on equity", slider=(0.0, 0.3))
    debt_cost = quantity(0.05, "1", "Yearly interest on debt", slider=(0.0, 0.2))
    tax_rate = fraction(0.25, "Tax rate on profits", slider=(0.0, 0.5))
    equation, result_unit = staticmethod(wacc), "1"


class LevelizedCost(Model):
    """Levelised cost of a million tokens from yearly figures."""

    capital_cost = quantity(30_000.0, "USD", "Capital outlay", slider=(0, 1e6))
    fixed_charge_rate = quantity(
        0.26, "1/year", "Yearly charge on capital", slider=(0.0, 0.6)
    )
    fixed_operating_cost = quantity(
        3_000.0, "USD/year", "Costs that do not follow output", slider=(0, 1e5)
    )
    annual_output = quantity(
        100_000.0,
        "Mtoken/year",
        "Output",
        inclusive=(False, True),
        slider=(1e3, 1e7),
        log=True,
    )
    variable_operating_cost = quantity(
        0.0, "USD/Mtoken", "Costs that follow output", slider=(0.0, 10.0)
    )
    equation, result_unit = staticmethod(levelized_cost), "USD/Mtoken"
