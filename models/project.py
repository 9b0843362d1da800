"""One project as yearly cash flows, line by line: tax, depreciation, returns.

Year 0 holds what is paid up front, year t what falls between t - 1 and t, at its end.
Money received is positive. A project without a price is a cost centre: its net cash
flow is what it costs, and two of them can be subtracted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from breakeven.models.base import Array
from breakeven.models.cash_flow import discount_factors, net_present_value
from breakeven.models.ledger import Shapes
from breakeven.models.returns import internal_rate_of_return


@dataclass(frozen=True)
class Project:
    """Yearly cash flows; each line has years on its last axis. [USD].

    ``lines`` by name, in the order of an account, and the sums at its foot:
    ``operating`` before tax, ``depreciation`` allowed, ``taxable``, ``tax`` (a refund
    when positive), ``net`` of everything. ``work`` is counted in its own unit.
    """

    lines: dict[str, Array]
    work: Array
    operating: Array
    depreciation: Array
    taxable: Array
    tax: Array
    net: Array
    book_value: Array
    rate: Array
    tax_rate: Array

    def net_present_value(self) -> Array:
        """Value of the net cash flow at year 0. [USD]."""
        return net_present_value(self.rate, self.net)

    def internal_rate_of_return(self) -> Array:
        """Rate at which the net present value is zero, NaN when none. [1/year]."""
        return internal_rate_of_return(self.net)

    def discounted(self) -> Array:
        """Net cash flow, each year at its value in year 0. [USD]."""
        return self.net * discount_factors(self.rate, self.net.shape[-1])

    def levelised_cost(self) -> Array:
        """Price of work that makes the net present value zero. [USD].

        ``-PV(net without revenue) / ((1 - T) PV(work))``: revenue is taxed.
        """
        revenue = (1.0 - self.tax_rate)[..., None] * self.lines["revenue"]
        cost = net_present_value(self.rate, self.net - revenue)
        worth = (1.0 - self.tax_rate) * net_present_value(self.rate, self.work)
        return np.asarray(-cost / worth)


def project(
    purchases: Mapping[str, Array],
    one_off: Mapping[str, Array],
    running: Mapping[str, Array],
    work: Array,
    price: Array,
    shapes: Shapes,
    deductions: Array,
    rate: Array,
    tax_rate: Array,
    missing: Mapping[str, Array] | None = None,
) -> Project:
    """Yearly cash flows of one fleet under one price of its work. [USD].

    ``tax = -T (revenue + running + resale + one-off - depreciation)``: one-off costs
    are deducted in year 1, losses are set against other profits at once.

    Parameters
    ----------
    purchases
        What the whole fleet costs to buy, by line. [USD]
    one_off
        Paid in year 0 whatever the volume, by line. [USD]
    running
        Cost of the whole fleet per month of operation, by line. [USD/month]
    work
        Work of the whole fleet per month of operation. [1/month]
    price
        Price of a unit of work; 0 for a cost centre. [USD]
    shapes
        Shapes of the fleet by year. [1, 1, month]
    deductions
        Tax depreciation by year, share of the purchase. [1]
    rate
        Discount rate. [1/year]
    tax_rate
        Tax on profits. [1]
    missing
        What use that still rises leaves out, by year: running costs by line [USD], and
        ``work`` [1]. Nothing by default. [mixed]

    References
    ----------
    EQ-03, EQ-04, EQ-11, EQ-15.
    """
    less = missing or {}
    start = np.eye(1, shapes.operation.shape[-1])[0]
    done = _each(work, shapes.operation) - less.get("work", 0.0)
    lines = {"revenue": _each(price, done)}
    lines |= {n: -_each(cost, shapes.purchases) for n, cost in purchases.items()}
    fleet = np.asarray(sum(purchases.values(), start=np.asarray(0.0)))
    lines["resale"] = _each(fleet, shapes.resales)
    lines |= {name: -_each(cost, start) for name, cost in one_off.items()}
    for name, cost in running.items():
        lines[name] = less.get(name, 0.0) - _each(cost, shapes.operation)
    operating = lines["revenue"] + sum(lines[name] for name in running)
    allowed = -_each(fleet, deductions)
    once = np.asarray(sum(one_off.values(), start=np.asarray(0.0)))
    taxable = operating + lines["resale"] + allowed - _each(once, np.roll(start, 1))
    tax = _each(-np.asarray(tax_rate), np.asarray(taxable))
    return Project(
        lines=lines,
        work=done,
        operating=operating,
        depreciation=allowed,
        taxable=np.asarray(taxable),
        tax=tax,
        net=np.asarray(sum(lines.values()) + tax),
        book_value=_each(fleet, np.cumsum(shapes.purchases - deductions, axis=-1)),
        rate=np.asarray(rate, float),
        tax_rate=np.asarray(tax_rate, float),
    )


def _each(amount: Array, shape: Array) -> Array:
    """An amount times a shape over time, or times a series of its own."""
    amount = np.asarray(amount, float)
    return amount[..., None] * np.asarray(shape, float)
