"""The state of a page: edits, resets, addresses; and that no two pages share it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import param
import pytest
from bokeh.application import Application
from panel.io.handlers import ScriptHandler
from source import ROOT

from breakeven.explorer import load_scenario
from breakeven.explorer import scenario_names as names
from breakeven.explorer.page import Explorer
from breakeven.explorer.session import Session

DEFAULT = names()[0]


def keys(explorer: Explorer) -> list[str]:
    return list(explorer.scenario.options)


def test_an_edit_is_marked_and_reset_brings_the_source_back() -> None:
    session = Session(DEFAULT)
    name = f"{next(iter(session.scenario.options))}.count"
    before = session.scenario.inputs()[name]
    session.change({name: 12_345.0})
    assert session.scenario.inputs()[name].evidence.status == "edited"
    session.change({name: {"reset": True}})
    assert session.scenario.inputs()[name] == before
    assert session.scenario.sizing == session.original.sizing


def test_an_address_says_what_differs_and_brings_it_back() -> None:
    session = Session(DEFAULT)
    own = next(iter(session.scenario.options))
    session.change({f"{own}.count": 321_000.0, f"{own}.acquisition": "rent"})
    address = session.address()
    assert address == {
        "scenario": DEFAULT,
        f"{own}.acquisition": "rent",
        f"{own}.count": "321000.0",
    }
    other = Session()
    assert other.visit(address) == {}
    assert other.scenario.evaluate().cost_per_token.tolist() == (
        session.scenario.evaluate().cost_per_token.tolist()
    )


def test_an_address_brings_picked_presets_back() -> None:
    session = Session(DEFAULT)
    own = next(iter(session.scenario.options))
    session.change({f"{own}.chip": "tpu_v6e"})
    session.change({"llm": "llama3_8b"})
    session.change({f"{own}.chip.hbm_bandwidth": 2.0})
    address = session.address()
    assert address[f"{own}.chip"] == "tpu_v6e"
    assert address["llm"] == "llama3_8b"
    assert not [n for n in address if n.startswith("workload.llm.")]
    other = Session()
    assert other.visit(address) == {}
    assert other.address() == address
    session.start(session.loaded)
    assert session.address() == {"scenario": DEFAULT}


def test_a_wrong_address_is_refused_in_lines_and_the_rest_applies() -> None:
    session = Session()
    refused = session.visit(
        {
            "scenario": "nope",
            "site.pue": "1.4",
            "site.nope": "1",
            "finance.life": "long",
        }
    )
    assert set(refused) == {"scenario", "site.nope", "finance.life"}
    assert session.scenario.site.pue == 1.4
    assert all("\n" not in text for text in refused.values())


# -------------------------------------------------------------------------- sessions


def test_two_pages_share_nothing() -> None:
    one, other = Explorer(), Explorer()
    before = other.evaluated().cost_per_token.tolist()
    name = f"{keys(one)[0]}.utilisation"
    one.change({name: 0.9})
    one.change({"finance.discount_rate": 0.2})
    assert other.evaluated().cost_per_token.tolist() == before
    assert one.evaluated().cost_per_token.tolist() != before
    assert one.key != other.key


def test_an_explorer_leaves_the_scenario_it_was_given_alone() -> None:
    scenario = load_scenario(DEFAULT)
    explorer = Explorer(scenario)
    explorer.change({"site.pue": 1.9})
    assert scenario.site.pue != 1.9


MODULES = sorted(
    "breakeven.explorer."
    + ".".join(p.relative_to(ROOT / "explorer").with_suffix("").parts)
    for p in (ROOT / "explorer").glob("**/*.py")
    if p.name != "__init__.py"
)


@pytest.mark.parametrize("module", MODULES)
def test_no_module_holds_state_that_sessions_would_share(module: str) -> None:
    for name, value in vars(import_module(module)).items():
        assert not isinstance(value, param.Parameterized), f"{module}.{name}"


def test_the_app_runs() -> None:
    handler = ScriptHandler(filename=ROOT / "apps" / "explorer.py")
    Application(handler).create_document()
    assert not handler.failed, handler.error_detail


def test_a_failing_app_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "wrong.py"
    path.write_text("from breakeven.explorer import Explorer\nExplorer('no-such')\n")
    handler = ScriptHandler(filename=path)
    Application(handler).create_document()
    assert handler.failed
