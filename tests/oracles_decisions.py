"""How the project computes each published number of the decisions over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import finance, supply

Case = dict[str, Any]


def supply_risk(i: Case) -> Case:
    given = i["prob"], i["supply"], i["demand"], i["unit_cost"], i["spot"]
    return {"expected": supply.expected_cost(*(np.asarray(v) for v in given))}


def rental_path(i: Case) -> Case:
    """A table is read as it stands: the price after the dip is above the dip."""
    years = [
        int(date[:4]) + (int(date[5:]) - 1) / 12 if "-" in date else float(date)
        for date in i["date"]
    ]
    low, last = finance.quoted_value([years[-2], years[-1]], years, i["usd_h"])
    return {"rebound": last / low - 1.0}


CASES = {
    "id-supply-risk": supply_risk,
    "tco-h100-rental-path": rental_path,
}
