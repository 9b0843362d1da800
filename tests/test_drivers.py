"""What the answers hang on: the sentence, the tables and SciPy say the same."""

from __future__ import annotations

import warnings
from functools import cache

import numpy as np
import pytest
from pages import opened, opened_view
from playwright.sync_api import Page, expect
from scipy import stats

from breakeven.explorer import load_scenario, odds, wire
from breakeven.explorer.odds import Ranges, odds_sentence, ranges
from breakeven.explorer.page import Explorer
from breakeven.explorer.views.sensitivity import Sensitivity
from breakeven.models import answers, decisions, indices, uncertainty
from breakeven.models.ranges import distributions, influence
from breakeven.models.scenario import Scenario

SCENARIO = load_scenario()


@cache
def found() -> Ranges:
    return ranges(SCENARIO, 4000)


def from_scipy(scenario: Scenario, count: int) -> dict[str, float]:
    """Total indices by SciPy, of inputs that are all independent."""
    uncertain = distributions(scenario)
    names = list(influence(scenario, uncertain))

    def ratio(shares: np.ndarray) -> np.ndarray:
        table = {
            name: uncertain[name].quantile(share)
            for name, share in zip(names, shares, strict=True)
        }
        results = scenario.evaluate(table, curves=False)
        return answers.answered(results, "log_ratio")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = stats.sobol_indices(
            func=ratio,
            n=count,
            dists=[stats.uniform(1e-9, 1 - 2e-9)] * len(names),
            rng=3,
        )
    return dict(zip(names, theirs.total_order, strict=True))


def test_the_indices_are_those_of_scipy() -> None:
    ours = indices.sobol_indices(SCENARIO, 2048).drivers()
    theirs = from_scipy(SCENARIO, 2048)
    assert ours.keys() == theirs.keys()
    for name, share in theirs.items():
        assert ours[name] == pytest.approx(share, abs=0.03), name
    top = sorted(theirs, key=theirs.get)[-4:]  # type: ignore[arg-type]
    assert set(list(ours)[:4]) == set(top)


def test_inputs_that_move_together_are_one_factor() -> None:
    """Against SciPy's estimators on the same design with the pair resampled as one."""
    pairs = odds.correlations(SCENARIO)
    ours = indices.sobol_indices(SCENARIO, 1024, correlations=pairs)
    both = "asic.utilisation & gpu.utilisation"
    assert both in ours.names
    assert "asic.utilisation" not in ours.names
    rng, uncertain = np.random.default_rng(5), distributions(SCENARIO)
    names, count = list(influence(SCENARIO, uncertain)), 4096
    pair = both.split(indices.TOGETHER)

    def drawn(scores: np.ndarray) -> dict[str, np.ndarray]:
        normal = dict(zip(names, scores, strict=True))
        mine = {name: uncertain[name] for name in names}
        known = {p: v for p, v in pairs.items() if set(p) <= set(names)}
        return uncertainty.valued(SCENARIO, mine, normal, known)

    first, second = (drawn(rng.standard_normal((len(names), count))) for _ in range(2))
    mixed = first | {name: second[name] for name in pair}
    value = [
        answers.answered(SCENARIO.evaluate(table, curves=False), "log_ratio")
        for table in (first, second, mixed)
    ]
    base, far, moved = (np.nan_to_num(v, nan=float(np.nanmean(v))) for v in value)
    theirs = stats.sobol_indices(
        func={
            "f_A": base[None],
            "f_B": far[None],
            "f_AB": np.stack((moved, far))[:, None],
        },
        n=count,
    )
    total = ours.drivers()[both]
    assert total == pytest.approx(float(theirs.total_order[0]), abs=0.04)


def test_the_sentence_names_what_the_indices_say() -> None:
    """The done-when of the odds: probability, months, and two causes."""
    (verdict,) = found().verdicts
    weights = found().weights
    assert weights is not None
    first, second = list(weights.indices["asic"].drivers())[:2]
    assert [name for name, _ in verdict.drivers] == [first, second]
    results = SCENARIO.evaluate()
    said = odds_sentence(SCENARIO, verdict, results)
    because = f"{weights.titles[first]} and {weights.titles[second]}"
    body, _, hedge = said.partition(" More likely than not it does not:")
    assert body.endswith(f"mostly because of {because}.")
    against = verdict.probability < 0.5 and results.breakeven_month[0] <= 24.0
    assert bool(hedge) == against
    assert "Trainium2 overtakes H100 within 24 months with probability" in said
    assert "P10-P90" in said


def test_inputs_that_move_together_have_a_name() -> None:
    said = odds.driver_title(SCENARIO, "asic.utilisation & gpu.utilisation")
    assert said == "the utilisation of Trainium2 and H100"
    said = odds.driver_title(SCENARIO, "site.pue & gpu.chip.price")
    assert said == "PUE with H100's price"


def test_the_tables_hold_what_the_models_say() -> None:
    explorer = Explorer()
    view = next(v for v in explorer.views if isinstance(v, Sensitivity))
    assert view.ranges(ranges(SCENARIO, 300, weighed=False)) == []
    feed = view.ranges(found())
    entries = [entry for entry, _ in feed]
    assert wire.taken(entries) == sum(len(arrays) for _, arrays in feed)
    (shares, (numbers,)), (_, (table,)) = feed
    weights = found().weights
    assert weights is not None
    assert weights.worth is not None
    own = weights.indices["asic"]
    first, total, worth = numbers.reshape(3, -1)
    np.testing.assert_array_equal(first, own.first[: first.size])
    np.testing.assert_array_equal(total, own.total[: total.size])
    known = dict(zip(weights.worth.names, weights.worth.value, strict=True))
    for row, value in zip(own.names, worth, strict=False):
        assert value == known.get(row) or (row not in known and np.isnan(value))
    assert len(shares["rows"]) == total.size
    pairs = odds.correlations(SCENARIO)
    sample = uncertainty.draws(SCENARIO, 4000, correlations=pairs, idle=True)
    regret = decisions.regret_table(SCENARIO.evaluate(sample, curves=False))
    np.testing.assert_allclose(table[0], regret.cheapest)
    np.testing.assert_allclose(table[2], regret.regret)


def test_a_scenario_without_ranges_hangs_on_nothing() -> None:
    certain = SCENARIO.with_values(
        {
            name: SCENARIO.inputs()[name].value
            for name in distributions(SCENARIO)
            if not name.endswith(".count")
        }
    )
    assert not distributions(certain)
    certainly = ranges(certain, 500)
    assert certainly.weights is not None
    assert certainly.weights.indices == {}
    assert certainly.verdicts[0].drivers == ()


@pytest.mark.browser
def test_a_click_on_a_bar_leads_to_its_control(page: Page, served: str) -> None:
    opened(page, served)
    opened_view(page, "Sensitivity")
    page.wait_for_function("() => Object.values(breakevenPages)[0].sharp")
    place = """(row) => {
      const [key] = Object.keys(breakevenPages);
      const name = `${key}:sensitivity/bars/figure`;
      const figure = Bokeh.documents[0].get_model_by_name(name);
      const drawn = Bokeh.index.find_one_by_id(figure.id);
      drawn.el.scrollIntoView({block: "center"});
      const box = drawn.el.getBoundingClientRect();
      const {left, width} = drawn.frame.bbox;
      const entry = drawn.breakevenTap;
      const y = drawn.frame.y_scale.compute(entry.rows - row - 0.6);
      return [box.left + left + width / 2, box.top + y, entry.bars[row]];
    }"""
    focused = """() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at?.closest(".control")?.dataset.name;
    }"""
    for row in (0, 6):
        x, y, name = page.evaluate(place, row)
        page.mouse.click(x, y)
        page.wait_for_function(f"(name) => ({focused})() === name", arg=name)
    table = page.locator("[data-input]").first
    expect(table).to_be_visible()
    table.click()
    name = table.get_attribute("data-input")
    page.wait_for_function(f"(name) => ({focused})() === name", arg=name)
