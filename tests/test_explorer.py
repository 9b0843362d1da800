"""The page without a browser: state, wire, controls, sessions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from bokeh.document import Document
from bokeh.models import ColumnDataSource

from breakeven.explorer import load_scenario, wire
from breakeven.explorer import scenario_names as names
from breakeven.explorer.page import Explorer
from breakeven.explorer.views import VIEWS, strip
from breakeven.explorer.views.base import present
from breakeven.models.scenario import Scenario

DEFAULT = names()[0]


@pytest.fixture
def explorer() -> Explorer:
    return Explorer()


@pytest.fixture
def sent(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Messages that the page would send to the browser."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(explorer.hub, "send", messages.append)
    return messages


@pytest.fixture
def evaluations(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Overrides of each evaluation of any scenario."""
    calls: list[dict[str, Any]] = []
    plain = Scenario.evaluate

    def counted(self: Scenario, overrides: Any = None, **more: Any) -> Any:
        calls.append(dict(overrides or {}))
        return plain(self, overrides, **more)

    monkeypatch.setattr(Scenario, "evaluate", counted)
    return calls


def keys(explorer: Explorer) -> list[str]:
    return list(explorer.scenario.options)


@pytest.mark.parametrize("name", names())
def test_every_layout_takes_the_arrays_of_its_buffer(name: str) -> None:
    explorer = Explorer(name)
    for view in explorer.views:
        results = explorer.evaluated(view)
        layout = explorer.layout(view, results)
        buffer = explorer.buffer(view, results)
        assert len(wire.unpacked(buffer)) == wire.taken(layout["entries"]), view.name
        for entry in layout["entries"]:
            assert entry["kind"] in {*wire.TAKES, "columns"}


def test_the_buffer_holds_what_evaluate_says(
    explorer: Explorer, sent: list[dict[str, Any]]
) -> None:
    own = keys(explorer)[0]
    explorer.change({f"{own}.count": 250_000.0, f"{own}.utilisation": 0.71})
    arrays = wire.unpacked(sent[-1]["buffer"])
    scenario = load_scenario(DEFAULT).with_values(
        {f"{own}.count": 250_000.0, f"{own}.utilisation": 0.71}
    )
    results = scenario.evaluate()
    ahead = wire.taken(strip.entries(results))
    months, spent = arrays[ahead], arrays[ahead + 1]
    np.testing.assert_allclose(months, results.months, rtol=1e-6)
    np.testing.assert_allclose(
        spent.reshape(len(results.options), -1), results.cumulative_cost, rtol=1e-6
    )
    figures = arrays[ahead - 1]
    count = len(results.options)
    np.testing.assert_allclose(figures[:count], results.cost_per_token, rtol=1e-6)


def test_a_sweep_shows_the_present_point_first(explorer: Explorer) -> None:
    view = next(v for v in explorer.views if v.name == "throughput")
    swept = explorer.evaluated(view)
    plain = explorer.scenario.evaluate()
    assert np.ndim(swept.cost_per_token) == 2
    now = present(swept)
    for field in ("cost_per_token", "token_rate", "breakeven_month", "count", "ttft"):
        np.testing.assert_allclose(getattr(now, field), getattr(plain, field))
    np.testing.assert_allclose(now.breakdown, plain.breakdown)


# ---------------------------------------------------------------------------- events


def test_an_event_is_one_evaluation_and_one_message(
    explorer: Explorer, sent: list[dict[str, Any]], evaluations: list[Any]
) -> None:
    own = keys(explorer)[0]
    for index in range(len(explorer.views)):
        explorer.stage.view = explorer.views[index]
        evaluations.clear()
        sent.clear()
        explorer.change({f"{own}.count": 1e5 + index}, sequence=index)
        # bars of the sensitivity, map and its lines of equal cost: sweeps of their own
        sweeps = {"sensitivity": 1, "map": 2}.get(explorer.view.name, 0)
        assert len(evaluations) == 1 + sweeps, explorer.view.name
        assert len(sent) == 1
        assert sent[0]["seq"] == index
        assert sent[0]["view"] == explorer.view.name
        assert "layout" not in sent[0]


def test_a_page_shows_its_answer_before_it_is_connected(explorer: Explorer) -> None:
    start = explorer.hub.start
    assert start["view"] == explorer.view.name
    arrays = wire.unpacked(start["buffer"])
    assert len(arrays) == wire.taken(start["layout"]["entries"])
    results = explorer.scenario.evaluate()
    ahead = wire.taken(strip.entries(results))
    np.testing.assert_allclose(arrays[ahead], results.months)


def test_many_changes_at_once_are_one_evaluation(
    explorer: Explorer, sent: list[dict[str, Any]], evaluations: list[Any]
) -> None:
    own, rival = keys(explorer)[:2]
    explorer.change(
        {
            f"{own}.utilisation": 0.5,
            f"{rival}.utilisation": 0.4,
            f"{own}.acquisition": "rent",
            "site.electricity_price": 0.05,
        }
    )
    assert len(evaluations) == len(sent) == 1
    assert "layout" in sent[0]


def test_only_the_visible_tab_is_sent(
    explorer: Explorer, sent: list[dict[str, Any]]
) -> None:
    explorer.stage.open(VIEWS[1].name)
    assert [m["view"] for m in sent] == [VIEWS[1].name]
    explorer.change({"site.pue": 1.3})
    assert sent[-1]["view"] == VIEWS[1].name


def test_no_model_is_touched_by_an_event(explorer: Explorer) -> None:
    root = explorer.page.get_root(Document())
    sources = {
        model.id: {k: np.array(v, copy=True) for k, v in model.data.items()}
        for model in root.select({"type": ColumnDataSource})
    }
    assert sources
    before = len(root.references())
    explorer.change({f"{keys(explorer)[0]}.count": 3e5})
    assert len(root.references()) == before
    for model in root.select({"type": ColumnDataSource}):
        for name, column in model.data.items():
            np.testing.assert_array_equal(np.array(column), sources[model.id][name])


def test_a_refused_value_changes_nothing_and_says_why(
    explorer: Explorer, sent: list[dict[str, Any]]
) -> None:
    name = f"{keys(explorer)[0]}.utilisation"
    before = explorer.scenario.inputs()[name]
    explorer.change({name: -0.2}, 7)
    assert explorer.scenario.inputs()[name] == before
    message = sent[-1]["errors"][name]
    assert "-0.2" in message
    assert "\n" not in message
    assert sent[-1]["values"][name] == before.value
    assert sent[-1]["seq"] == 7


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nothing.at.all", 1.0),
        ("scenario", "no-such-scenario"),
        ("llm", "no_such_model"),
        ("workload", "../../etc"),
        ("site.pue", float("nan")),
        ("site.pue", {"other": 1}),
        ("site.pue", [1, 2]),
        ("site.pue", "much"),
        ("sizing", "huge"),
    ],
)
def test_nonsense_from_a_browser_is_one_line(
    explorer: Explorer, sent: list[dict[str, Any]], name: str, value: Any
) -> None:
    explorer.change({name: value})
    assert name in sent[-1]["errors"]
    assert "\n" not in sent[-1]["errors"][name]
    assert np.isfinite(sent[-1]["buffer"][0])


def test_the_count_that_is_moved_leads_and_the_others_follow(
    explorer: Explorer, sent: list[dict[str, Any]]
) -> None:
    own, rival = keys(explorer)[0], keys(explorer)[-1]
    explorer.change({f"{own}.count": 1e5})
    assert list(sent[-1]["derived"]) == [f"{k}.count" for k in keys(explorer)[1:]]
    explorer.change({f"{rival}.count": 1e5})
    assert f"{rival}.count" not in sent[-1]["derived"]
    assert f"{own}.count" in sent[-1]["derived"]


def test_infeasible_is_words_and_a_gap(
    explorer: Explorer, sent: list[dict[str, Any]]
) -> None:
    rival = keys(explorer)[-1]
    explorer.change({f"{rival}.chip.hbm_capacity": 0.5})
    arrays = wire.unpacked(sent[-1]["buffer"])
    code, limit = int(arrays[0][0]), str(int(arrays[0][3]))
    assert code == strip.RIVAL_FAILS
    assert strip.limits()[limit] == "memory capacity"
    results = explorer.scenario.evaluate()
    ahead = wire.taken(strip.entries(results))
    spent = arrays[ahead + 1].reshape(len(results.options), -1)
    assert np.isnan(spent[-1]).all()
    assert np.isfinite(spent[0]).all()
