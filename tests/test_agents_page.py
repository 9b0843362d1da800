"""Views of agents and deals: what they are fed, what they say, how they move."""

from __future__ import annotations

import json

import numpy as np
import pytest
from pages import DATA, box, opened, opened_view, settled
from playwright.sync_api import Page, expect

from breakeven.apps.cli import main
from breakeven.explorer import load_scenario, use_case_table, use_cases
from breakeven.explorer.deal_table import all_deals, told
from breakeven.models.scenario import Scenario
from breakeven.presets import tables


@pytest.fixture
def scenario() -> Scenario:
    return load_scenario()


# ----------------------------------------------------------------- the matrix


def test_a_cell_is_what_the_scenario_of_that_chip_and_workload_costs(
    scenario: Scenario,
) -> None:
    rows = {row.chip: row for row in use_cases.use_cases(scenario)}
    place = use_cases.WORKLOADS.index("customer_service")
    results = scenario.evaluate(studies=("agent",)).studies["agent"]
    # the two options: H100 as the preset has it; Trainium2 has estimates of its own
    cell = rows["h100_sxm"].cost[place, 0]
    alone = scenario.with_values({"gpu.count": 500_000.0})
    assert cell == pytest.approx(float(results["cost"][1]), rel=1e-9)
    assert cell == pytest.approx(
        float(alone.evaluate(studies=("agent",)).studies["agent"]["cost"][1])
    )
    energy = rows["h100_sxm"].energy[place]
    assert energy == pytest.approx(float(results["tokens_per_joule"][1]))


def test_intervals_hold_their_middle_and_the_unmeasured_are_marked(
    scenario: Scenario,
) -> None:
    rows = use_cases.use_cases(scenario)
    for row in rows:
        middle, low, high = row.cost.T
        known = np.isfinite(middle)
        assert (low[known] <= middle[known]).all(), row.chip
        assert (middle[known] <= high[known]).all(), row.chip
        assert all((reason == "") == ok for reason, ok in zip(
            row.reasons, known, strict=True
        ))  # fmt: skip
    measured = {row.chip: row.measured for row in rows}
    assert measured["h100_sxm"]
    assert not measured["trainium3"]
    text = use_case_table.html(scenario, rows)
    assert text.count('title="not measured"') > 20
    assert "Graviton5" in text


def test_the_same_inputs_are_evaluated_once(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = use_cases.use_cases(scenario)
    monkeypatch.setattr(Scenario, "evaluate", None)
    assert use_cases.use_cases(scenario.copy()) is first


def test_the_matrix_follows_the_scenario(scenario: Scenario) -> None:
    before = use_cases.state_key(scenario)
    scenario.set("site.electricity_price", 0.2)
    assert use_cases.state_key(scenario) != before
    dear = {row.chip: row for row in use_cases.use_cases(scenario)}
    cheap = {row.chip: row for row in use_cases.use_cases(load_scenario())}
    assert (dear["h100_sxm"].cost > cheap["h100_sxm"].cost).all()


@pytest.mark.parametrize("name", ["graviton5-vs-x86", "train-405b-tpu-v5p-vs-h100"])
def test_scenarios_that_serve_nothing_have_a_matrix_too(name: str) -> None:
    rows = {row.chip: row for row in use_cases.use_cases(load_scenario(name))}
    assert np.isfinite(rows["h100_sxm"].cost).all()


def test_the_command_line_says_and_writes_the_matrix(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["evaluate", "trainium2-vs-h100", "--use-cases"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "Customer-service agent: cheapest " in said
    assert "NVIDIA Grace CPU *" in said
    assert main([*command, "--json"]) == 0
    cells = json.loads(capsys.readouterr().out)
    assert len(cells) == len(tables.names("chips")) * len(use_cases.WORKLOADS)
    for cell in cells:
        cost = cell["cost"]
        known = cost["value"] is not None
        assert known == (cell["limited_by"] is None)
        assert not known or cost["low"] <= cost["value"] <= cost["high"]


# ------------------------------------------------------------------- the deal


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("meta-aws-graviton5", "Confirmed in part"),
        ("meta-aws-trainium", "Counterfactual"),
    ],
)
def test_status_and_sources_are_on_the_page(name: str, words: str) -> None:
    text = told(load_scenario(name))
    assert words in text
    assert "delimiter.online" in text
    assert 'rel="noreferrer"' in text


def test_every_deal_stands_in_the_table_with_a_dash_for_what_is_not_known() -> None:
    text = all_deals()
    assert text.count("<tr>") == 1 + len(tables.names("deals"))
    assert "talks reported" in text.lower()
    assert "<td>–</td>" in text


# ------------------------------------------------------------------ a browser


@pytest.mark.browser
def test_agents_move_with_a_control(page: Page, served: str) -> None:
    opened(page, served)
    opened_view(page, "Task of an agent")
    heading = page.get_by_role("heading", name="Cost of a task")
    expect(heading).to_be_visible(timeout=30_000)
    settled(page)
    before = page.evaluate(DATA, "agents/cost")["right"]
    box(page, "Calls per task").fill("24.6")
    box(page, "Calls per task").press("Enter")
    settled(page)
    after = page.evaluate(DATA, "agents/cost")["right"]
    twice = load_scenario().with_values({"workload.calls_per_task": 24.6})
    cost = twice.evaluate(studies=("agent",)).studies["agent"]["accelerator_cost"]
    assert after[0] == pytest.approx(float(cost[0]), rel=1e-5)
    assert after[0] == pytest.approx(2 * before[0], rel=1e-5)


@pytest.mark.browser
def test_a_headline_is_opened_moved_and_shared(page: Page, served: str) -> None:
    opened(page, f"{served}?scenario=meta-aws-graviton5&view=deals")
    expect(page.locator(".bk-Figure:visible")).to_have_count(2)
    settled(page)
    said = page.locator("[data-slot='deals/said'], .said").first
    expect(said).to_contain_text("It cannot be millions of chips")
    expect(said).to_contain_text("$38.6 B")
    box(page, "Graviton5 price").fill("1.46")
    box(page, "Graviton5 price").press("Enter")
    settled(page)
    expect(said).not_to_contain_text("contradicts the headline")
    implied = page.evaluate(DATA, "deals/value-set")["x"]
    assert implied[0] == pytest.approx(6e9, rel=0.01)
    page.wait_for_url("**price=1.46**")
    link = page.url
    opened(page, link)
    expect(page.locator(".said").first).not_to_contain_text("contradicts the headline")


@pytest.mark.browser
def test_the_matrix_is_there_when_opened(page: Page, served: str) -> None:
    opened(page, served)
    opened_view(page, "Use cases")
    expect(page.locator(".matrix tbody tr").first).to_be_visible(timeout=30_000)
    expect(page.locator(".winners tbody tr")).to_have_count(len(use_cases.WORKLOADS))
