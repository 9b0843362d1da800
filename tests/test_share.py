"""What the Share menu hands out: every kind of file, code that runs, in the wings."""

from __future__ import annotations

import asyncio
import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from breakeven.apps.cli import main
from breakeven.explorer import (
    handout,
    kinds,
    load_scenario,
    read_scenario,
    scenario_names,
    share,
)
from breakeven.explorer.export import to_toml
from breakeven.explorer.session import Session
from breakeven.explorer.snippet import to_python
from breakeven.models.scenario import Scenario

QUICK = [kind for kind in kinds.KINDS if kind != "html"]
STARTS = {
    "xlsx": b"PK",
    "pdf": b"%PDF-",
    "png": b"\x89PNG",
    "svg": b"<?xml",
    "csv": b"curve,",
    "parquet": b"PAR1",
    "json": b"{",
    "toml": b"version = 1",
    "py": b"from breakeven.explorer import",
}


@pytest.mark.parametrize("kind", QUICK)
def test_every_kind_is_made_by_menu_and_command(kind: str, tmp_path: Path) -> None:
    made = share.file(load_scenario(), kind)
    content = base64.b64decode(made["base64"])
    assert content.startswith(STARTS[kind])
    assert made["name"] == f"breakeven-trainium2-vs-h100.{kind}"
    path = tmp_path / f"x.{kind}"
    assert main(["export", "trainium2-vs-h100", "-o", str(path)]) == 0
    assert path.read_bytes().startswith(STARTS[kind])
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_picture_is_of_the_view_that_is_open() -> None:
    assert share.file(load_scenario(), "svg", "cost")["name"].endswith("-cost.svg")
    assert not share.file(load_scenario(), "svg", "evidence")["name"].count("evidence")


def test_a_brief_is_one_page_of_a4() -> None:
    content = base64.b64decode(share.file(load_scenario(), "pdf")["base64"])
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") == 1
    assert b"/MediaBox [ 0 0 595.2 841.8 ]" in content
    assert len(content) < 200_000


def test_parquet_and_csv_hold_the_same_points_with_units() -> None:
    raw = base64.b64decode(share.file(load_scenario(), "parquet")["base64"])
    table = pq.read_table(io.BytesIO(raw))
    text = base64.b64decode(share.file(load_scenario(), "csv")["base64"]).decode()
    assert table.num_rows == len(text.splitlines()) - 1
    results = load_scenario().evaluate()
    spent = [
        row["value"]
        for row in table.to_pylist()
        if (row["curve"], row["option"]) == ("cumulative_cost", results.labels[1])
    ]
    np.testing.assert_array_equal(spent, results.cumulative_cost[1])
    assert set(table["unit"].to_pylist()) == {"USD", "Mtoken", "USD/Mtoken"}


# -------------------------------------------------------------------------- code


def ran(text: str) -> Scenario:
    names: dict[str, Any] = {}
    exec(compile(text, "snippet", "exec"), names)
    return names["scenario"]


def same(found: Scenario, wanted: Scenario) -> None:
    one, other = found.evaluate(), wanted.evaluate()
    for name in ("cost_per_token", "breakeven_month", "count", "cumulative_cost"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


CHANGES: list[dict[str, Any]] = [
    {},
    {"asic.count": 250_000.0, "gpu.utilisation": 0.4},
    {"gpu.acquisition": "rent", "gpu.chip.rental_price": 2.1},
    {"asic.count": 1e5, "gpu.count": 5e4},
    {"asic.precision": "bf16", "workload.input_length": 900.0},
    {"sizing": "demand"},
]


@pytest.mark.parametrize("changes", CHANGES, ids=range(len(CHANGES)))
def test_code_reproduces_the_screen(
    changes: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = load_scenario().with_values(changes)
    text = to_python(scenario)
    same(ran(text), scenario)
    assert "load_scenario(" in text
    assert capsys.readouterr().out.startswith("Trainium2: ")


@pytest.mark.parametrize("name", scenario_names())
def test_code_of_every_ready_scenario(name: str) -> None:
    same(ran(to_python(load_scenario(name))), load_scenario(name))


def test_code_carries_what_no_change_can_say() -> None:
    session = Session("trainium2-vs-h100")
    assert not session.change({"gpu.chip": "b200_hgx", "site": "ohio"})
    assert not session.change({"asic.label": '"""\n\\ =1'})
    text = to_python(session.scenario)
    assert "read_scenario(" in text
    same(ran(text), session.scenario)


def test_a_scenario_is_read_from_its_text() -> None:
    scenario = load_scenario().with_values({"asic.count": 7e4})
    same(read_scenario(to_toml(scenario)), scenario)
    with pytest.raises(ValueError, match=r"^mine: not TOML"):
        read_scenario("a =", "mine")


# ---------------------------------------------------------------- beside the loop


def test_a_file_is_made_while_the_loop_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[dict[str, Any]] = []
    ticks = 0

    async def scene() -> None:
        nonlocal ticks
        handout.hand_out(sent.append, load_scenario(), "png", "cost")
        assert sent == [{"busy": "Making the picture (png) …"}]
        for _ in range(1000):
            await asyncio.sleep(0.01)
            ticks += 1
            if len(sent) > 1:
                return

    asyncio.run(scene())
    assert sent[-1]["file"]["name"] == "breakeven-trainium2-vs-h100-cost.png"
    assert sent[-1]["busy"] == ""
    assert ticks > 3


def test_a_page_that_is_made_says_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def slow(*given: Any) -> dict[str, Any]:
        for share_done in (0.1, 0.55):
            given[-1](share_done)
        return {"name": "page.html"}

    monkeypatch.setattr(share, "file", slow)
    sent: list[dict[str, Any]] = []

    async def scene() -> None:
        handout.hand_out(sent.append, load_scenario(), "html", "")
        while not any("file" in message for message in sent):
            await asyncio.sleep(0.01)

    asyncio.run(scene())
    said = [message["busy"] for message in sent]
    assert said[1].endswith("… 10%")
    assert said[2].endswith("… 55%")
    assert said[-1] == ""


def test_a_file_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> bytes:
        raise ValueError("no ink")

    monkeypatch.setattr(kinds, "made", broken)
    sent: list[dict[str, Any]] = []
    handout.hand_out(sent.append, load_scenario(), "png", "cost")
    assert sent[-1] == {"busy": "", "say": "No file: no ink"}
