"""Which controls a page shows, and what each says about itself."""

from __future__ import annotations

from typing import Any

import pytest

from breakeven.explorer import scenario_names as names
from breakeven.explorer.dials import empty_words
from breakeven.explorer.page import Explorer


@pytest.fixture
def explorer() -> Explorer:
    return Explorer()


def keys(explorer: Explorer) -> list[str]:
    return list(explorer.scenario.options)


def shown(explorer: Explorer) -> dict[str, dict[str, Any]]:
    """Controls of the page by name."""
    found: dict[str, dict[str, Any]] = {}
    for section in explorer.controls.spec:
        inner = [c for g in section.get("groups", []) for c in g["controls"]]
        for control in [*section["controls"], *inner]:
            assert control["name"] not in found, f"{control['name']} is shown twice"
            found[control["name"]] = control
    return found


@pytest.mark.parametrize("name", names())
def test_every_input_has_one_control_that_explains_itself(name: str) -> None:
    explorer = Explorer(name)
    found = shown(explorer)
    scenario = explorer.scenario
    names_shown = {
        scenario.resolve(n) if n.endswith(".price") else n
        for n in found
        if "." in n and not (n.endswith(".chip") and n.count(".") == 1)
    }
    quantities = {n for n, item in scenario.inputs().items() if item.unit != "choice"}
    assert quantities <= names_shown
    for control in found.values():
        assert control["aria"]
        if control["kind"] == "number":
            assert control["doc"]
            assert control["unit"]
            assert control["evidence"]["status"]
            low, high = control["slider"]
            assert low < high
            assert not control["log"] or low > 0


def test_the_accessible_names_are_those_of_the_contract(explorer: Explorer) -> None:
    found = {c["aria"] for c in shown(explorer).values() if c["kind"] == "number"}
    for option in explorer.scenario.options.values():
        for what in ("chips", "utilisation", "price"):
            assert f"{option.option.label} {what}" in found
    assert {"Electricity price", "Discount rate"} <= found


def test_no_accessible_name_contains_another_control_of_the_contract(
    explorer: Explorer,
) -> None:
    every = [c["aria"] for c in shown(explorer).values()]
    labels = [o.option.label for o in explorer.scenario.options.values()]
    for wanted in [
        f"{x} {y}" for x in labels for y in ("chips", "utilisation", "price")
    ]:
        assert [a for a in every if wanted.lower() in a.lower()] == [wanted]


def test_the_price_is_the_one_in_use(explorer: Explorer) -> None:
    own = keys(explorer)[0]
    for acquisition, unit in (
        ("buy", "USD"),
        ("rent", "USD/h"),
        ("commit_1yr", "USD/h"),
    ):
        explorer.change({f"{own}.acquisition": acquisition})
        assert shown(explorer)[f"{own}.price"]["unit"] == unit


def test_another_chip_takes_its_name_and_figures_along(explorer: Explorer) -> None:
    own = keys(explorer)[0]
    explorer.change({f"{own}.chip": "tpu_v6e"})
    option = explorer.scenario.options[own]
    assert option.chip_name == "tpu_v6e"
    assert option.chip.hbm_capacity == 32.0
    label = option.option.label
    assert label != "Trainium2"
    assert f"{label} chips" in {c.get("aria") for c in shown(explorer).values()}


@pytest.mark.parametrize(
    ("doc", "said"),
    [
        ("Power; empty when there is no cap", "no cap"),
        ("Chips made; empty: the count of the first option", "automatic"),
        ("Memory bandwidth", "not published"),
    ],
)
def test_an_empty_box_says_what_empty_means(doc: str, said: str) -> None:
    assert empty_words(doc) == said
