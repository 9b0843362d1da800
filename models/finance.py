"""Finance, under one name: time value, returns, payback, depreciation, cost of capital.

Money in is positive when received. A rate is the rate of one period. Time is on the
last axis and the first flow falls at t = 0. Every function broadcasts, and the shape of
a result follows from the shapes of its arguments.
"""

from __future__ import annotations

from breakeven.models.annuity import (
    capital_recovery_factor,
    future_value,
    interest_payment,
    loan_balance,
    payment,
    periods_to_repay,
    principal_payment,
    sinking_fund_factor,
    total_interest,
)
from breakeven.models.cash_flow import (
    dated_net_present_value,
    discount_factors,
    discounted_payback_period,
    modified_internal_rate_of_return,
    net_present_value,
    payback_period,
)
from breakeven.models.commitments import (
    breakeven_hours,
    breakeven_utilisation,
    contract_prices,
    falling_revenue,
    financeable_debt,
    forward_price,
    forward_price_ratio,
    forward_prices,
    owning_utilisation,
    take_or_pay_cost,
    take_or_pay_price,
    take_or_pay_shortfall,
)
from breakeven.models.depreciation import (
    book_value,
    declining_balance,
    macrs_rates,
    straight_line,
    sum_of_years_digits,
    tax_shield,
    tax_shield_value,
)
from breakeven.models.ladder import all_units_cost, cheapest_count, incremental_cost
from breakeven.models.learning import (
    learned_cost,
    learning_exponent,
    marginal_cost_wright,
    total_cost_crawford,
    total_cost_wright,
)
from breakeven.models.levelised import (
    fixed_charge_rate,
    levelized_cost,
    levelized_cost_of_cash_flows,
    wacc,
)
from breakeven.models.residual import (
    decay_from_orders,
    depreciation_change,
    economic_charge,
    market_value,
    quoted_value,
)
from breakeven.models.returns import (
    dated_internal_rate_of_return,
    internal_rate_of_return,
    internal_rates_of_return,
    rate_of_return_count,
)
from breakeven.models.roots import sign_changes

__all__ = [
    "all_units_cost",
    "book_value",
    "breakeven_hours",
    "breakeven_utilisation",
    "capital_recovery_factor",
    "cheapest_count",
    "contract_prices",
    "dated_internal_rate_of_return",
    "dated_net_present_value",
    "decay_from_orders",
    "declining_balance",
    "depreciation_change",
    "discount_factors",
    "discounted_payback_period",
    "economic_charge",
    "falling_revenue",
    "financeable_debt",
    "fixed_charge_rate",
    "forward_price",
    "forward_price_ratio",
    "forward_prices",
    "future_value",
    "incremental_cost",
    "interest_payment",
    "internal_rate_of_return",
    "internal_rates_of_return",
    "learned_cost",
    "learning_exponent",
    "levelized_cost",
    "levelized_cost_of_cash_flows",
    "loan_balance",
    "macrs_rates",
    "marginal_cost_wright",
    "market_value",
    "modified_internal_rate_of_return",
    "net_present_value",
    "owning_utilisation",
    "payback_period",
    "payment",
    "periods_to_repay",
    "principal_payment",
    "quoted_value",
    "rate_of_return_count",
    "sign_changes",
    "sinking_fund_factor",
    "straight_line",
    "sum_of_years_digits",
    "take_or_pay_cost",
    "take_or_pay_price",
    "take_or_pay_shortfall",
    "tax_shield",
    "tax_shield_value",
    "total_cost_crawford",
    "total_cost_wright",
    "total_interest",
    "wacc",
]
