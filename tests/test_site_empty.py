"""What a site says when rules leave it empty, and when the demand limits its mix."""

from __future__ import annotations

import pytest

from breakeven.explorer import load_scenario, site_words
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario


def asked(values: dict[str, float], name: str = "") -> tuple[Scenario, Results]:
    """A scenario with some values, and what its studies of a site find."""
    scenario = load_scenario(name) if name else load_scenario()
    scenario = scenario.with_values(values)
    return scenario, scenario.evaluate(studies=("fleet", "ramp"))


def sentences(values: dict[str, float], name: str = "") -> str:
    """What is said of the site."""
    return " ".join(site_words.fleet(*asked(values, name)))


@pytest.mark.parametrize(
    ("values", "excess", "relaxed"),
    [
        (
            {"asic.allocation.least_share": 0.7, "gpu.allocation.least_share": 0.6},
            "least_over",
            "gpu.allocation.least_share",
        ),
        (
            {"asic.allocation.most_share": 0.3, "gpu.allocation.most_share": 0.6},
            "most_under",
            "gpu.allocation.most_share",
        ),
    ],
)
def test_the_relaxation_of_shares_is_enough_and_less_is_not(
    values: dict[str, float], excess: str, relaxed: str
) -> None:
    _, results = asked(values)
    found = results.studies["fleet"]
    assert found["count"].sum() == 0
    change = float(found[excess]) * (1 if excess == "most_under" else -1)
    assert abs(change) > 0.05
    for part, stands in ((1.0, True), (0.9, False)):
        given = values | {relaxed: values[relaxed] + part * change}
        after = asked(given)[1].studies["fleet"]
        assert (after["count"].sum() > 1e5) == stands
        assert (after[excess] == 0) == stands


def test_shares_that_no_mix_keeps_are_named_with_the_least_change() -> None:
    rules = {"asic.allocation.least_share": 0.7, "gpu.allocation.least_share": 0.6}
    said = sentences(rules)
    assert "add up to 130% (Trainium2 70%, H100 60%)" in said
    assert "30 points less of either would do" in said
    assert "worth" not in said
    most = {"asic.allocation.most_share": 0.3, "gpu.allocation.most_share": 0.6}
    assert "add up to only 90%" in sentences(most)
    none = {"asic.allocation.least_share": 0.3, "asic.allocation.supply": 0.0}
    assert "none of it is to be had on this site" in sentences(none)
    assert "each costs more than it earns" in sentences({"fleet.price_ratio": 0.6})


def test_a_budget_below_the_designs_that_shares_ask_for_is_said() -> None:
    name = "mtia-and-maia-vs-h100"
    rule = {"mtia.allocation.least_share": 0.2, "fleet.budget": 0.3}
    scenario, results = asked(rule, name)
    short = float(results.studies["fleet"]["design_short"])
    assert short > 0
    assert "does not pay for the designs" in " ".join(
        site_words.fleet(scenario, results)
    )
    more = rule | {"fleet.budget": 0.3 + short * 1.01}
    assert asked(more, name)[1].studies["fleet"]["design_short"] == 0
    assert "the rules on shares ask for chips that lose more" in sentences(more, name)
    assert asked(rule | {"fleet.budget": 40.0}, name)[1].studies["fleet"]["margin"] > 0
    alone = {f"{k}.allocation.supply": 0.0 for k in ("maia", "gpu")}
    said = sentences(alone | {"fleet.budget": 0.3}, name)
    assert "MTIA 400: the budget does not pay for its design" in said
    assert "H100: none is to be had" in said


def test_a_demand_that_limits_the_mix_is_said() -> None:
    scenario, results = asked({"fleet.demand": 1e12})
    said = " ".join(site_words.fleet(scenario, results))
    assert "The demand limits the mix" in said
    found = results.studies["fleet"]
    assert found["demand_worth"] > 0
    more = asked({"fleet.demand": 1.01e12})[1].studies["fleet"]
    gain = (more["margin"] - found["margin"]) / (more["work"] - found["work"])
    assert gain == pytest.approx(float(found["demand_worth"]), rel=1e-6)
    assert "The demand does not limit the mix" in sentences({"fleet.demand": 1e16})


def test_what_is_rented_gets_a_mix_by_what_is_advised() -> None:
    name = "anthropic-google-tpu"
    assert "Nothing limits" in sentences({}, name)
    assert "The best use" in sentences({"fleet.demand": 1e12}, name)
    supply = {f"{k}.allocation.supply": 1e4 for k in load_scenario(name).options}
    assert "The best use" in sentences(supply, name)
