"""What the study of an anchor customer returns: names, units, meanings."""

from __future__ import annotations

from breakeven.models.study import Output

# Terms on which the customer could rent the rival: the cheapest with a price counts.
RENTS = ("commit_3yr", "commit_1yr", "rent")
# What the customer could do instead, in the order of `best_alternative`.
ALTERNATIVES = ("buys", "rents", "builds")

_COSTS = {
    "variable_cost": ("USD", "Making one chip, the design left out"),
    "nre": ("USD", "One-off cost of the design"),
    "own_volume": ("chip", "Chips the provider makes for itself"),
    "anchor_volume": ("chip", "Chips the anchor takes"),
    "cost_without": ("USD", "Unit cost without the anchor"),
    "cost_with": ("USD", "Unit cost with the anchor"),
    "cost_at_floor": ("USD", "Unit cost if the anchor takes its floor only"),
    "gain": ("USD", "Gain per own chip, design split by volume"),
}
_PRICES = {
    "floor_price": ("USD", "Least the provider takes: making, and what is added"),
    "ceiling_price": ("USD", "Most the customer pays: its best alternative"),
    "extras": ("USD", "One-off cost of what only the anchor needs"),
    "beside": ("USD", "One chip over its life beside its price"),
    "per_price": ("1", "What each USD of price adds over the life"),
    "ceiling_buys": ("USD", "Price at which buying the rival is as good"),
    "ceiling_rents": ("USD", "Price at which renting the rival is as good"),
    "ceiling_builds": ("USD", "Price at which a chip of its own is as good"),
    "best_alternative": ("1", "Place of the best alternative: buys, rents, builds"),
    "agreement": ("1", "Whether any price suits both"),
    "price": ("USD", "Price of a chip under the rule in use"),
    "paid_by_anchor": ("USD", "Design and extras that the anchor pays"),
    "paid_by_own": ("USD", "Design that the provider pays"),
    "hour_price": ("USD/h", "Price of a paid chip-hour, server and power included"),
}
_CONTRACT = {
    "revenue": ("USD", "Paid by the anchor over the term"),
    "secured": ("USD", "Paid in any case: the take-or-pay floor"),
    "shortfall": ("USD", "Paid for what is not taken: borne by the customer"),
    "lost_revenue": ("USD", "Committed but not paid: borne by the provider"),
    "effective_price": ("USD", "Price of a chip that is really used"),
    "debt": ("USD", "Debt that the secured revenue carries"),
    "nre_effect": ("USD", "Design that the anchor takes over"),
    "idle_effect": ("USD", "Cost of idle hours that the floor takes over"),
    "financing_effect": ("USD", "Worth of the cheaper money"),
}
_SIDES = {
    "saving": ("USD", "Saved by each own chip, at present value"),
    "npv_without": ("USD", "Net present value of the programme without the anchor"),
    "npv_with": ("USD", "Net present value with the anchor"),
    "paid_worth": ("1", "Present value of 1 USD paid over the term"),
    "made_worth": ("1", "Present value of 1 USD spent as chips are installed"),
    "npv_floor": ("USD", "Net present value if it takes its floor only"),
    "breakeven_without": ("chip", "Own chips that pay for it at present value, alone"),
    "breakeven_with": ("chip", "Own chips that pay for it, with the anchor"),
    "breakeven_floor": ("chip", "Own chips that pay for it, if it takes its floor"),
    "customer_deal": ("USD/{scaled}", "Customer: this chip at the price in use"),
    "customer_buys": ("USD/{scaled}", "Customer: buys the rival"),
    "customer_rents": ("USD/{scaled}", "Customer: rents the rival"),
    "customer_builds": ("USD/{scaled}", "Customer: builds a chip of its own"),
}
_RULES = {
    "split_own": ("USD", "Design paid by the provider under each rule"),
    "split_anchor": ("USD", "Design and extras paid by the anchor under each rule"),
    "split_price": ("USD", "Price of a chip under each rule"),
}
OUTPUTS = {
    **{n: Output(*said) for n, said in (_COSTS | _PRICES | _CONTRACT | _SIDES).items()},
    **{n: Output(*said, axis="rule") for n, said in _RULES.items()},
    "volumes": Output("chip", "Own chips", "volume", shared=True),
    "curve_without": Output("USD", "Unit cost by own chips, no anchor", "volume"),
    "curve_with": Output("USD", "Unit cost by own chips, with the anchor", "volume"),
}
