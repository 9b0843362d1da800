"""The whole chain against figures that others have published."""

from __future__ import annotations

import numpy as np
import pytest

from breakeven import presets
from breakeven.explorer import documents, load_scenario

# An analyst's all-in cost of owning a chip for an hour, at a hyperscaler and at a new
# cloud: a 4-year life and one view of prices. Ours comes from prices, powers and lives
# of the presets and is compared, not fitted.
OWNED = [
    name
    for name in presets.names("chips")
    if (row := presets.preset("chips", name).get("owner_cost_hyperscaler"))
    and row.value is not None
]


def owned(chip: str) -> float:
    """Cost of a chip-hour when bought, at the published 4-year life. [USD/h]."""
    scenario = load_scenario().with_values({"gpu.acquisition": "buy", "gpu.count": 1e4})
    groups = scenario.options["gpu"]
    documents.use_chip(groups, "gpu", chip, scenario.workload, scenario.evidence)
    return float(scenario.evaluate({"finance.life": 4.0}).cost_per_hour[1])


def test_there_are_nine_to_compare() -> None:
    assert len(OWNED) == 9


@pytest.mark.parametrize("chip", OWNED)
def test_owning_a_chip_costs_about_what_analysts_say(chip: str) -> None:
    figures = presets.preset("chips", chip)
    low = figures["owner_cost_hyperscaler"].value
    high = figures["owner_cost_neocloud"].value
    assert low is not None
    assert high is not None
    assert 0.9 * low <= owned(chip) <= 1.5 * high


def test_provisioned_power_is_about_what_analysts_say() -> None:
    """All-in utility kW per GPU, 1.73 for the H100, against the parts of the preset."""
    ratios = []
    for chip in OWNED:
        figures = presets.preset("chips", chip)
        if "allin_power" not in figures:
            continue
        parts = sum(
            figures[n].central or 0 for n in ("tdp", "host_power", "network_power")
        )
        ratios.append(parts * 1.15 / 1000 / (figures["allin_power"].central or np.nan))
    assert len(ratios) == 9
    assert min(ratios) > 0.8
    assert max(ratios) < 1.15


def test_llama_70b_on_h100_is_near_market_prices() -> None:
    """A chat turn on rented H100s costs within reach of what APIs ask for 70B models.

    Hosted Llama 3.1 70B sold for 0.5-3 USD per million output tokens in 2024-26, with
    input on top; cost above ten times that, or below a tenth, would be an error.
    """
    scenario = load_scenario("mtia-and-maia-vs-h100").with_values(
        {"gpu.acquisition": "rent", "gpu.chip.rental_price": 2.35}
    )
    assert 0.3 < float(scenario.evaluate().cost_per_token[-1]) < 10
