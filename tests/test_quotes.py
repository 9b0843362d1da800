"""Tables in place of numbers: resale quotes by date and the load of a week."""

from __future__ import annotations

import numpy as np
import numpy_financial as npf
import pytest
import samples

from breakeven.explorer import documents, state
from breakeven.explorer.documents import ScenarioError
from breakeven.explorer.export import to_toml
from breakeven.models import quotes
from breakeven.models.trace import worked_cost

HOURS = [1.0] * 60 + [0.2] * 108


def built(**tables: object):
    document = {"name": "ours", "base": "trainium2-vs-h100", "tables": tables}
    return documents.build(document, "ours.toml")


def test_quotes_may_rise_and_are_read_between_dates() -> None:
    table = quotes.resale(["2024-01", "2025-01", "2026-01"], [1.0, 0.4, 0.6])
    months = table.table[0]
    np.testing.assert_allclose(months, [0.0, 12.0, 24.0], atol=0.05)
    np.testing.assert_allclose(
        table.share(np.array([0.0, 18.0, 99.0])), [1, 0.5, 0.6], atol=0.002
    )


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"gpu": {"dates": ["2025-01", "2024-01"], "values": [1, 0.5]}}, "ascend"),
        ({"gpu": {"dates": ["2024-01", "2024-01"], "values": [1, 0.5]}}, "ascend"),
        (
            {"gpu": {"dates": ["2024-01", "2025-01"], "values": [1, 1.2]}},
            "between 0 and 1",
        ),
        ({"gpu": {"dates": ["2024-01"], "values": [1]}}, "two at least"),
        ({"gpu": {"dates": ["2024-01", "soon"], "values": [1, 0.5]}}, "no date"),
        ({"gpu": {"days": ["2024-01"]}}, "unknown key 'days'"),
        ({"gpu": "falling"}, "dates and values"),
        ({"tpu": {"dates": [], "values": []}}, "unknown key 'tpu'"),
        ({"load": [1.0, 2.0]}, "a week has 168"),
        ({"load": [-1.0] * 168}, "not be negative"),
        ({"load": "chat_globl"}, "near: chat_global"),
        ({"load": "pue"}, "no hours"),
        ({"load": 3}, "a name or 168 hours"),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused_in_one_line(
    table: dict[str, object], words: str
) -> None:
    with pytest.raises(ScenarioError) as error:
        built(**table)
    said = str(error.value)
    assert said.startswith("ours.toml:")
    assert "tables" in said or "near" in said
    assert words in said
    assert "\n" not in said


def test_a_table_replaces_the_residual_value_everywhere() -> None:
    dates, values = ["2024-01-01", "2026-01-01", "2028-12-30"], [1.0, 0.35, 0.5]
    scenario = built(gpu={"dates": dates, "values": values})
    scenario = scenario.with_values({"finance.deployment_period": 0.0})
    results = scenario.evaluate(studies=["worth"])
    plain = scenario.with_values({"finance.residual_value": 0.5})
    plain.options["gpu"].resale = None
    other = plain.evaluate(studies=["worth"])
    np.testing.assert_allclose(
        results.cost_per_token[1], other.cost_per_token[1], rtol=1e-12
    )
    assert results.cost_per_token[0] < other.cost_per_token[0] * 1.2
    np.testing.assert_allclose(
        results.studies["worth"]["levelised"][1], results.cost_per_token[1], rtol=1e-9
    )
    early = scenario.with_values({"finance.horizon": 24.0})
    cost = early.evaluate(studies=["worth"])
    share = npf.npv(1.1 ** (1 / 12) - 1, [0.0] * 24 + [1.0])
    bought = float(cost.capex[1])
    late = plain.with_values({"finance.horizon": 24.0}).evaluate(studies=["worth"])
    gap = late.studies["worth"]["present_cost"][1]
    gap -= cost.studies["worth"]["present_cost"][1]
    curve = 0.5 ** (24 / 60)
    # 2024 is a leap year: two years are 24.03 months
    assert gap == pytest.approx(bought * share * (0.35 - curve), rel=0.02)


def test_a_week_serves_less_than_it_is_asked_at_its_peak() -> None:
    week = quotes.Load(tuple(HOURS))
    assert float(week.served(0.2)) == pytest.approx(0.2)
    shape = np.array(HOURS) / np.mean(HOURS)
    assert float(week.served(0.8)) == pytest.approx(np.minimum(0.8 * shape, 1).mean())
    assert week.served(np.array([[0.1], [0.9]])).shape == (2, 1)


def test_a_measured_week_lowers_the_work_and_the_chain_agrees() -> None:
    level, week = built(), built(load="coding_region")
    results = week.evaluate()
    assert results.work_per_month[0] < level.evaluate().work_per_month[0]
    for key in week.options:
        last = worked_cost(week, results, key)[-1]
        expected = float(results.cost_per_token[results.option(key)])
        assert last.value == pytest.approx(expected, rel=1e-12)


def test_tables_survive_a_file() -> None:
    dates, values = ["2024-01", "2027-06"], [1.0, 0.3]
    scenario = built(load="chat_global", gpu={"dates": dates, "values": values})
    again = documents.build(documents.parsed(to_toml(scenario), "again"), "again")
    assert again.options["gpu"].resale == scenario.options["gpu"].resale
    assert again.options["asic"].load == scenario.options["asic"].load
    assert state.document(again) == state.document(scenario)
    np.testing.assert_array_equal(
        again.evaluate().cost_per_token, scenario.evaluate().cost_per_token
    )


def test_no_table_changes_nothing() -> None:
    groups = samples.scenario().options["gpu"]
    assert groups.busy() == groups.option.utilisation
    assert groups.residual(0.08, 60.0) == 0.08


@pytest.mark.parametrize("unit", ["server", "rack"])
def test_whole_units_are_bought_and_both_counts_are_told(unit: str) -> None:
    scenario = samples.scenario().with_values(
        {
            "sizing": "fixed",
            "gpu.count": 1001.0,
            "gpu.chip.chips_per_rack": 72.0,
            "gpu.rounding": unit,
        }
    )
    size = {"server": 8, "rack": 72}[unit]
    results = scenario.evaluate(studies=["terms", "worth", "breakeven"])
    plain = scenario.with_values({"gpu.rounding": "none"}).evaluate()
    whole = -(-1001 // size) * size
    assert results.count[1] == 1001.0
    assert results.installed[1] == whole
    assert plain.installed[1] == 1001.0
    for name in ("cost_per_token", "capex", "site_power"):
        ratio = getattr(results, name)[1] / getattr(plain, name)[1]
        np.testing.assert_allclose(ratio, whole / 1001.0, rtol=1e-12, err_msg=name)
    here = results.studies["terms"]["now_buy"][1]
    np.testing.assert_allclose(here, results.cost_per_token[1], rtol=1e-9)
    last = worked_cost(scenario, results, "gpu")[-1]
    assert last.value == pytest.approx(float(results.cost_per_token[1]), rel=1e-12)


def test_a_rack_of_unknown_size_is_refused() -> None:
    scenario = samples.scenario().with_values({"gpu.rounding": "rack"})
    with pytest.raises(ValueError, match=r"gpu\.chip\.chips_per_rack"):
        scenario.evaluate()
