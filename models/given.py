"""The inputs that one option depends on, gathered from the groups of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from breakeven.models.ramping import rising
from breakeven.models.silicon_study import made
from breakeven.models.units import HOUR, HOURS_PER_MONTH

if TYPE_CHECKING:
    from breakeven.models.scenario import Scenario

MONTH = HOURS_PER_MONTH * HOUR
HOSTED_PRICES = ("hosted_input_price", "hosted_cached_price", "hosted_output_price")


def inputs_of(
    scenario: Scenario, base: dict[str, dict[str, Any]], key: str
) -> dict[str, dict[str, Any]]:
    """Inputs of one option by group, in base units. [mixed].

    Parameters
    ----------
    scenario
        Kind of work, and whether costs are as given or as made. [choice]
    base
        Inputs by the prefix of their names. [mixed]
    key
        Key of the option. [text]

    References
    ----------
    Own definition.
    """
    model = base["workload.llm"]
    if scenario.workload.kind != "serving":  # a host sells replies, nothing else
        model = model | dict.fromkeys(HOSTED_PRICES)
    chip = base[f"{key}.chip"]
    if scenario.options[key].option.cost_basis == "made":
        cost, design = made(scenario, key, base[f"{key}.silicon"])
        chip = chip | {"unit_cost": cost, "nre": design}
    groups = scenario.options[key]
    use, finance = base[key], base["finance"]
    served = None if groups.load is None else groups.load.served
    share = rising(use, served)
    if served is not None:
        use = use | {"utilisation": served(use["utilisation"])}
    if share is not None:
        use = use | {"rising": share}
    if groups.resale is not None:
        sold = groups.resale.share(finance["life"] / MONTH)
        finance = finance | {"residual_value": sold}
    return {
        "option": use,
        "finance": finance,
        "chip": chip,
        "stack": base[f"{key}.stack"],
        "llm": model,
        **{name: base[name] for name in ("workload", "site")},
    }
