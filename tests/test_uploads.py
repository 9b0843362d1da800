"""Files that a reader brings to the page: models, rows, calibrations."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest
from brought import config, own_rows
from pages import RIVAL

from breakeven.apps import cli
from breakeven.explorer import fitting, limits, load_scenario, uploads
from breakeven.explorer.page import Explorer
from breakeven.presets import calibrated


@pytest.fixture
def explorer() -> Explorer:
    """A page whose Accuracy tab is open."""
    found = Explorer(load_scenario())
    found.stage.open("accuracy")
    return found


# -------------------------------------------------------------------------- models


def test_a_configuration_becomes_the_model(explorer: Explorer) -> None:
    before = explorer.scenario.evaluate().token_rate
    explorer.view.files.take_model(config(_name_or_path="me/tiny <b>"), "config.json")
    scenario = explorer.scenario
    assert scenario.llm.layers == 32
    assert np.all(scenario.evaluate().token_rate > before)
    evidence = scenario.inputs()["workload.llm.hidden"].evidence
    assert (evidence.status, evidence.source) == ("edited", "config.json")
    picker = explorer.controls.spec[0]["controls"][2]
    shown = next(c for c in picker["choices"] if c["value"] == picker["value"])
    assert shown["label"] == "tiny <b>"
    assert "tiny &lt;b&gt;" in explorer.view.files.said.html


def test_an_address_carries_a_model_that_was_brought(explorer: Explorer) -> None:
    explorer.session.change({"llm": "llama3_8b"})
    explorer.view.files.take_model(config(num_hidden_layers=40), "config.json")
    again = Explorer(load_scenario())
    assert again.session.visit(explorer.session.address()) == {}
    assert again.scenario.llm.base() == explorer.scenario.llm.base()


def test_another_model_or_a_reset_lets_go_of_it(explorer: Explorer) -> None:
    explorer.view.files.take_model(config(), "config.json")
    assert explorer.session.model
    explorer.session.change({"llm": "llama3_8b"})
    assert not explorer.session.model
    explorer.view.files.take_model(config(), "config.json")
    explorer._heard({"type": "reset"})
    assert not explorer.session.model
    assert explorer.scenario.llm.base() == load_scenario().llm.base()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "not JSON"),
        (b"[1]", "a JSON object is due"),
        (b"\xff\xfe", "not UTF-8"),
        (b" " * (uploads.LIMIT + 1), "at most"),
        (config(model_type="mamba"), "model_type"),
        (config(hidden_size="wide"), "hidden_size"),
        (config(num_kv_shared_layers=4), "num_kv_shared_layers"),
    ],
)
def test_what_is_not_understood_is_named(
    explorer: Explorer, data: bytes, said: str
) -> None:
    before = explorer.scenario.llm.base()
    explorer.view.files.take_model(data, "config.json")
    assert explorer.view.files.said.html.startswith("Refused: config.json")
    assert said in explorer.view.files.said.html
    assert explorer.scenario.llm.base() == before


def test_the_command_line_takes_a_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(config())
    given = ["evaluate", "trainium2-vs-h100", "--json", "--llm", str(path)]
    assert cli.main([*given, "--set", "workload.llm.layers=30"]) == 0
    inputs = json.loads(capsys.readouterr().out)["inputs"]
    assert inputs["workload.llm.hidden"]["value"] == 4096
    assert inputs["workload.llm.hidden"]["source"] == "config.json"
    assert inputs["workload.llm.layers"]["value"] == 30
    path.write_bytes(config(model_type="rwkv"))
    assert cli.main(given) == 2
    assert "model_type = 'rwkv'" in capsys.readouterr().err


# --------------------------------------------------------- measurements, calibration


def test_own_rows_lie_over_the_published_ones(explorer: Explorer) -> None:
    view = explorer.view
    view.files.columns.value = "isl = Input length, measured = Tokens per s"
    renamed = own_rows({"isl": "Input length", "measured": "Tokens per s"})
    view.files.take_table(renamed, "own.csv")
    assert len(view.own) == 12
    data = view.plot.object.select_one({"name": view.full("scatter") + "-own"}).data
    assert list(data["x"]) == [row.measured for row in view.own]
    assert np.median([row.error for row in view.own]) < -0.2, "they were made faster"
    assert not view.files.button.disabled


def test_own_rows_become_a_calibration_of_their_chip(explorer: Explorer) -> None:
    view = explorer.view
    view.files.take_table(own_rows(), "own.csv")
    before = explorer.scenario.evaluate().token_rate
    asyncio.run(view.files._applied(None))
    own, rival = explorer.scenario.evaluate().token_rate / before
    assert own == 1, "rows of one chip say little of another"
    assert 1.2 < rival < 1.8
    assert abs(np.median([row.error for row in view.own])) < 0.15
    key = explorer.scenario.reference
    evidence = explorer.scenario.evidence[f"{key}.stack.realised_share"]
    assert evidence.source == "own.csv"
    assert f"<b>{RIVAL}</b>: follows own.csv" in view.words.html
    again = Explorer(load_scenario())
    again.session.visit(explorer.session.address())
    assert again.scenario.evaluate().token_rate.tolist() == (
        explorer.scenario.evaluate().token_rate.tolist()
    )
    explorer._heard({"type": "reset"})
    assert explorer.scenario.evaluate().token_rate.tolist() == before.tolist()


def test_a_calibration_follows_number_format_and_chip(explorer: Explorer) -> None:
    view, key = explorer.view, explorer.scenario.reference
    view.files.take_table(own_rows(), "own.csv")
    asyncio.run(view.files._applied(None))
    share = f"{key}.stack.realised_share"
    explorer.session.change({f"{key}.precision": "bf16"})
    assert explorer.scenario.evidence[share].source == "own.csv"
    explorer.session.change({f"{key}.chip": "h200_sxm"})
    assert explorer.scenario.evidence[share].source != "own.csv"
    explorer.session.change({f"{key}.chip": "h100_sxm"})
    assert explorer.scenario.evidence[share].source == "own.csv"


def test_rows_that_repeat_the_calibration_change_it_little() -> None:
    rows, _ = fitting.measured_rows(calibrated.MEASURED)
    known = [row for row in rows if row.known.case.chip == "H100-SXM"][:20]
    table = calibrated.effects("serving")
    serving = [row for row in known if fitting.kind_of(row.known) == "serving"]
    found = fitting.updated("serving", serving, table, "2026-11-22")
    before = {(r.quantity, r.grouping, r.label): r for r in table}
    changes = []
    for row in found:
        old = before.get((row.quantity, row.grouping, row.label))
        if old is not None and old.quantity != fitting.INTERVAL:
            changes.append(abs(np.log(row.value / old.value)))
            assert row.high / row.low <= old.high / old.low * 1.001
    assert max(changes) < 0.25


def test_the_published_calibration_loaded_as_a_file_changes_nothing(
    explorer: Explorer, tmp_path: Path
) -> None:
    path = tmp_path / "calibration.csv"
    every = [row for kind in calibrated.KINDS for row in calibrated.effects(kind)]
    calibrated.write_effects(path, every)
    before = explorer.scenario.evaluate().token_rate
    explorer.view.files.take_table(path.read_bytes(), path.name)
    assert not explorer.view.files.button.disabled
    asyncio.run(explorer.view.files._applied(None))
    after = explorer.scenario.evaluate().token_rate
    assert after == pytest.approx(before, rel=2e-3)  # stacks.csv keeps four digits


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"id,chip\n1,2\n", "column model is missing"),
        (b"\xff\xfe", "not UTF-8"),
        (b"kind,quantity,grouping,label,x\n", "columns must be"),
    ],
)
def test_a_table_that_is_not_understood_is_named(
    explorer: Explorer, data: bytes, said: str
) -> None:
    explorer.view.files.take_table(data, "own.csv")
    assert explorer.view.files.said.html.startswith("Refused: own.csv")
    assert said in explorer.view.files.said.html
    assert explorer.view.files.button.disabled


def test_a_row_that_cannot_be_used_is_named(explorer: Explorer) -> None:
    data = own_rows().replace(b"H100-SXM", b"H900", 1)
    explorer.view.files.take_table(data, "own.csv")
    assert "11 rows read, 1 left out" in explorer.view.files.said.html
    assert "H900" in explorer.view.files.said.html


def test_rows_that_others_would_wait_for_are_refused(explorer: Explorer) -> None:
    head, *rows = own_rows().decode().splitlines()
    for count in (limits.MEASURED, limits.MEASURED + 1):
        table = [head, *(rows[i % len(rows)] for i in range(count))]
        explorer.view.files.take_table("\n".join(table).encode(), "own.csv")
        shown = explorer.view.files.said.html
        if count > limits.MEASURED:
            assert "Refused: own.csv: rows: 1,001; at most 1,000 on a page" in shown
            assert not explorer.view.files.measured
        else:
            assert "own.csv: 1000 rows read" in shown


@pytest.mark.parametrize("name", ["x" * 5000 + ".csv", "a\0b.csv", "..", "é" * 300])
def test_a_name_that_no_system_takes_is_no_obstacle(name: str) -> None:
    for read in (uploads.measurements, uploads.calibration):
        with pytest.raises(ValueError, match=r"column|:1:"):
            read(b"measured,kind\n1,x\n", name)
