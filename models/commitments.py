"""Commitments: reserved capacity, forward prices, take-or-pay, volume ladders."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from breakeven.models.annuity import capital_recovery_factor
from breakeven.models.base import Array, Model, fraction, quantity

CONTRACTS = ("on demand", "reserved", "spot")


def breakeven_hours(
    upfront: ArrayLike, on_demand_price: ArrayLike, reserved_price: ArrayLike
) -> Array:
    """Hours of use after which a reservation has paid for itself, inf if never. [h].

    Arguments broadcast: upfront [USD], on_demand_price [USD/h], reserved_price [USD/h]
    paid for hours used.

    U / (p_od - p_res).

    References
    ----------
    .. [1] Cloudability, "Measuring Reserved Instance profitability with the break-even
       point," blog.cloudability.com.
    """
    u = np.asarray(upfront, dtype=float)
    saving = np.asarray(on_demand_price, float) - np.asarray(reserved_price, float)
    pays = saving > 0.0
    hours = np.where(pays, u / np.where(pays, saving, 1.0), np.inf)
    return np.where(u <= 0.0, np.where(saving >= 0.0, 0.0, np.inf), hours)[()]


def breakeven_utilisation(
    upfront: ArrayLike,
    hours: ArrayLike,
    reserved_price: ArrayLike,
    on_demand_price: ArrayLike,
) -> Array:
    """Share of hours used above which a full-term reservation is cheaper. [1].

    Arguments broadcast: upfront [USD], hours [h] in the term, reserved_price [USD/h]
    paid for every hour, on_demand_price [USD/h].

    (U / H + p_res) / p_od. Above 1 on demand is always cheaper.

    References
    ----------
    .. [1] Cloudability, "Measuring Reserved Instance profitability with the break-even
       point," blog.cloudability.com.
    """
    spread = np.asarray(upfront, float) / np.asarray(hours, float)
    effective = spread + np.asarray(reserved_price, float)
    return effective / np.asarray(on_demand_price, float)


def owning_utilisation(
    fixed_cost: ArrayLike, variable_cost: ArrayLike, rental_price: ArrayLike
) -> Array:
    """Share of hours used above which owning is cheaper than renting. [1].

    Arguments broadcast: fixed_cost [USD/h] of every hour owned, variable_cost [USD/h]
    of an hour used, rental_price [USD/h] of an hour rented; inf where renting costs no
    more than the variable cost alone.

    c_fixed / (p_rent - c_var). Above 1 renting is always cheaper.

    References
    ----------
    .. [1] E. Walker, "The real cost of a CPU hour," Computer 42(4), 35-41, 2009,
       doi:10.1109/MC.2009.135.
    """
    gap = np.asarray(rental_price, dtype=float) - np.asarray(variable_cost, dtype=float)
    pays = gap > 0.0
    share = np.asarray(fixed_cost, dtype=float) / np.where(pays, gap, 1.0)
    return np.where(pays, share, np.inf)[()]


def contract_prices(
    on_demand_price: ArrayLike,
    reserved_price: ArrayLike,
    spot_price: ArrayLike,
    utilisation: ArrayLike,
    rework: ArrayLike = 0.0,
) -> Array:
    """Price of a useful hour on demand, reserved and on spot. [USD/h].

    Arguments broadcast: on_demand_price [USD/h], reserved_price [USD/h] paid for every
    hour, spot_price [USD/h], utilisation [1] of the reservation, rework [1] share of
    spot work lost to interruptions. Contracts are on a new first axis, in the order of
    ``CONTRACTS``; the cheapest is the argmin.

    p_od, p_res / u, p_spot (1 + w). Queueing for spot capacity is left out.

    References
    ----------
    .. [1] Amazon Web Services, "Amazon EC2 Spot Instances" (interruption), user guide.
    """
    reserved = np.asarray(reserved_price, float) / np.asarray(utilisation, float)
    spot = np.asarray(spot_price, float) * (1.0 + np.asarray(rework, float))
    prices = np.asarray(on_demand_price, dtype=float), reserved, spot
    return np.stack(np.broadcast_arrays(*prices))


def forward_price(
    short_price: ArrayLike,
    short_term: ArrayLike,
    long_price: ArrayLike,
    long_term: ArrayLike,
) -> Array:
    """Mean price that two terms imply for the time after the shorter one. [USD/h].

    Arguments broadcast: short_price [USD/h] over short_term [year], long_price [USD/h]
    over long_term [year].

    (n_l p_l - n_s p_s) / (n_l - n_s), undiscounted. It holds the lessor's forecast and
    a premium for certainty, which cannot be told apart.

    References
    ----------
    .. [1] J. C. Hull, "Options, Futures, and Other Derivatives," 10th ed., Pearson,
       2018, ch. 4 (forward rates).
    """
    n_s, n_l = np.asarray(short_term, float), np.asarray(long_term, float)
    later = n_l * np.asarray(long_price, float) - n_s * np.asarray(short_price, float)
    return later / (n_l - n_s)


def forward_price_ratio(price_1yr: ArrayLike, price_3yr: ArrayLike) -> Array:
    """Yearly price ratio implied by 1- and 3-year commitments, NaN if none. [1].

    Arguments broadcast: price_1yr [USD/h], price_3yr [USD/h].

    Solves p_1 (1 + rho + rho^2) = 3 p_3 for rho >= 0; none exists when three years
    cost less than one.

    References
    ----------
    .. [1] J. C. Hull, "Options, Futures, and Other Derivatives," 10th ed., Pearson,
       2018, ch. 4 (forward rates).
    """
    ratio = 3.0 * np.asarray(price_3yr, float) / np.asarray(price_1yr, float)
    inside = np.where(ratio >= 1.0, ratio, np.nan)
    return (2.0 * (inside - 1.0) / (1.0 + np.sqrt(4.0 * inside - 3.0)))[()]


def forward_prices(price_1yr: ArrayLike, price_3yr: ArrayLike, years: int = 3) -> Array:
    """Price of each year implied by 1- and 3-year commitments. [USD/h].

    Arguments broadcast: price_1yr [USD/h], price_3yr [USD/h]; years [year] is the
    length of the new last axis.

    p_1 rho^t. Beyond the third year it extrapolates.

    References
    ----------
    .. [1] J. C. Hull, "Options, Futures, and Other Derivatives," 10th ed., Pearson,
       2018, ch. 4 (forward rates).
    """
    rho = np.asarray(forward_price_ratio(price_1yr, price_3yr))[..., None]
    return np.asarray(price_1yr, dtype=float)[..., None] * rho ** np.arange(years)


def falling_revenue(first_year: ArrayLike, ratio: ArrayLike, years: ArrayLike) -> Array:
    """Revenue over several years at prices that fall by a ratio. [USD].

    Arguments broadcast: first_year [USD], ratio [1] of a year's price to the one
    before, years [year].

    R_1 (1 - rho^N) / (1 - rho), and R_1 N at rho = 1. Undiscounted.

    References
    ----------
    .. [1] W. Short, D. J. Packey and T. Holt, NREL/TP-462-5173, 1995.
    """
    rho, n = np.broadcast_arrays(np.asarray(ratio, float), np.asarray(years, float))
    with np.errstate(divide="ignore"):
        growth = np.expm1(n * np.log(rho))
    flat = rho == 1.0
    total = np.where(flat, n, growth / np.where(flat, 1.0, rho - 1.0))
    return np.asarray(first_year, dtype=float) * total


def take_or_pay_cost(
    price: ArrayLike, commitment: ArrayLike, floor: ArrayLike, utilisation: ArrayLike
) -> Array:
    """Payment under a take-or-pay contract. [USD].

    Arguments broadcast: price [USD/unit], commitment [unit], floor [1] share that is
    paid in any case, utilisation [1] share that is taken.

    p Q max(u, theta).

    References
    ----------
    .. [1] S. E. Masten and K. J. Crocker, "Efficient adaptation in long-term contracts:
       take-or-pay provisions," Am. Econ. Rev. 75(5), 1083-1093, 1985.
    """
    value = np.asarray(price, float) * np.asarray(commitment, float)
    return value * np.maximum(np.asarray(utilisation, float), np.asarray(floor, float))


def take_or_pay_price(
    price: ArrayLike, floor: ArrayLike, utilisation: ArrayLike
) -> Array:
    """Price of a unit taken under a take-or-pay contract. [USD/unit].

    Arguments broadcast: price [USD/unit], floor [1] share paid in any case, utilisation
    [1] share taken; inf when nothing is taken but something is paid.

    p max(u, theta) / u.

    References
    ----------
    .. [1] S. E. Masten and K. J. Crocker, Am. Econ. Rev. 75(5), 1985.
    """
    u, theta = np.asarray(utilisation, float), np.asarray(floor, float)
    paid = np.maximum(u, theta)
    nothing = np.where(paid > 0.0, np.inf, 1.0)
    ratio = np.where(u > 0.0, paid / np.where(u > 0.0, u, 1.0), nothing)
    return np.asarray(price, dtype=float) * ratio


def take_or_pay_shortfall(
    price: ArrayLike, commitment: ArrayLike, floor: ArrayLike, utilisation: ArrayLike
) -> Array:
    """Payment for what is not taken under a take-or-pay contract. [USD].

    Arguments broadcast: price [USD/unit], commitment [unit], floor [1] share paid in
    any case, utilisation [1] share taken.

    p Q max(0, theta - u).

    References
    ----------
    .. [1] S. E. Masten and K. J. Crocker, Am. Econ. Rev. 75(5), 1985.
    """
    value = np.asarray(price, float) * np.asarray(commitment, float)
    missing = np.asarray(floor, float) - np.asarray(utilisation, float)
    return value * np.maximum(missing, 0.0)


def financeable_debt(
    secured_revenue: ArrayLike,
    debt_rate: ArrayLike,
    years: ArrayLike,
    coverage: ArrayLike,
) -> Array:
    """Debt that a secured yearly revenue carries. [USD].

    Arguments broadcast: secured_revenue [USD/year] (price x commitment x floor),
    debt_rate [1/year], years [year], coverage [1] the debt service coverage ratio.

    R / CRF / DSCR. Operating costs paid before debt service must be taken off R.

    References
    ----------
    .. [1] E. R. Yescombe, "Principles of Project Finance," 2nd ed., Academic Press,
       2013.
    """
    service = np.asarray(secured_revenue, float) / np.asarray(coverage, float)
    return service / capital_recovery_factor(debt_rate, years)


class BreakevenUtilisation(Model):
    """Share of hours used above which a full-term reservation is cheaper."""

    upfront = quantity(0.0, "USD", "Paid at the start", slider=(0, 1e5))
    hours = quantity(
        8760.0, "h", "Hours in the term", inclusive=(False, True), slider=(720, 26_280)
    )
    reserved_price = quantity(1.5, "USD/h", "Paid for every hour", slider=(0, 20))
    on_demand_price = quantity(
        2.5, "USD/h", "Paid for hours used", inclusive=(False, True), slider=(0.1, 20)
    )
    equation, result_unit = staticmethod(breakeven_utilisation), "1"


class TakeOrPayCost(Model):
    """Payment under a take-or-pay contract."""

    price = quantity(2.0, "USD", "Price of a unit", slider=(0, 100))
    commitment = quantity(1000.0, "1", "Units committed to", slider=(0, 1e7))
    floor = fraction(0.8, "Share paid in any case")
    utilisation = fraction(0.6, "Share taken")
    equation, result_unit = staticmethod(take_or_pay_cost), "USD"
