"""The page in one file: what it holds, how exact it is, what is refused."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import snapshots
from numpy.typing import NDArray

from breakeven.explorer import export, lattice, load_scenario, refinement, snapshot
from breakeven.explorer.elements import CODE, VALUE, Elements
from breakeven.explorer.lattice import Axis
from breakeven.explorer.snapshot import Snapshot
from breakeven.models.scenario import Scenario

Array = NDArray[np.float64]
SIX_MB = 6_000_000


@pytest.fixture(scope="module")
def made() -> Snapshot:
    return snapshots.made()


def elements_of(scenario: Scenario, names: list[str]) -> Elements:
    return Elements(scenario, [v("t") for v in snapshot.VIEWS], names)


# ------------------------------------------------------------------- the lattice


def axes(*ends: tuple[float, float, bool]) -> list[Axis]:
    return [
        Axis(f"x{i}", f"x{i}", (low, high), log, low)
        for i, (low, high, log) in enumerate(ends)
    ]


def at(*columns: Callable[[Mapping[str, Array]], Array]) -> lattice.Rows:
    return lambda points: np.stack([f(points) for f in columns], axis=-1)


def test_what_is_linear_in_a_form_needs_two_nodes_an_axis() -> None:
    rows = at(
        lambda p: 3.0 + 5e8 / p["x0"] + 0 * p["x1"],  # a + b / chips
        lambda p: p["x0"] * (2.0 + 7.0 * p["x1"]),  # bilinear
        lambda p: 4.0 * p["x0"] ** 1.3 * p["x1"] ** -2.0,  # a power law
        lambda p: 1.0 / (1.0 + p["x1"] * 3.0) + 0 * p["x0"],
        lambda p: p["x0"] * 0 + 11.0,
    )
    ends = axes((1.0, 1e7, True), (0.05, 1.0, False))
    first = rows({a.name: np.array([a.now]) for a in ends})[0]
    found = lattice.built(rows, ends, np.zeros(5, np.int8), first)
    points = refinement.random_points(ends, 200, seed=5)
    np.testing.assert_allclose(found.at(points), rows(points), rtol=2e-6)
    assert found.nodes == 4
    assert found.worst.max() < 1e-6
    # the column that does not move is not stored, the others only where they move
    assert sum(run.table.size for run in found.runs) == 2 + 4 + 4 + 2


def test_a_finer_lattice_computes_only_its_new_nodes() -> None:
    asked: list[int] = []

    def rows(points: Mapping[str, np.ndarray]) -> np.ndarray:
        asked.append(len(points["a"]))
        return np.stack([points["a"] * points["b"], points["b"] ** 2], axis=1)

    axes = [
        Axis(name, name, (1.0, end), log=False, now=2.0)
        for name, end in (("a", 4.0), ("b", 9.0))
    ]
    roles, first = np.full(2, VALUE, dtype=np.int8), np.zeros(2)
    known: lattice.Known = {}
    lattice.built(rows, axes, roles, first, known)
    assert asked.pop(0) == 4
    asked.clear()
    finer = [axes[0].finer([0]), axes[1]]
    found = lattice.built(rows, finer, roles, first, known)
    assert asked[0] == 2
    again = lattice.built(rows, finer, roles, first)
    for one, other in zip(found.runs, again.runs, strict=True):
        np.testing.assert_array_equal(one.table, other.table)


def test_nodes_are_exact_and_an_unknown_end_makes_its_cells_unknown() -> None:
    rows = at(
        lambda p: np.where(p["x0"] > 8.0, np.nan, p["x0"] ** 2),
        lambda p: np.floor(p["x0"]),
    )
    axis = Axis("x0", "x0", (1.0, 4.0, 7.0, 10.0), False, 1.0)
    roles = np.array([VALUE, CODE], np.int8)
    found = lattice.built(rows, [axis], roles, np.array([1.0, 1.0]))
    read = found.at({"x0": np.array(axis.nodes)})
    np.testing.assert_allclose(read[:3, 0], [1.0, 16.0, 49.0], rtol=1e-6)
    inside = found.at({"x0": np.array([7.5, 5.2, 5.8])})
    assert np.isnan(inside[0, 0])
    assert inside[1:, 1].tolist() == [4.0, 7.0], "a code is the nearest node's"


@pytest.mark.parametrize(
    "name", ["trainium2-vs-h100", "graviton5-vs-x86", "train-405b-tpu-v5p-vs-h100"]
)
def test_interpolation_stays_within_what_the_file_says(name: str) -> None:
    made = snapshot.snapshot(load_scenario(name))
    said = made.accuracy
    assert said is not None
    assert said.worst <= refinement.LIMIT
    assert said.month <= refinement.LIMIT
    assert said.same >= refinement.AGREED
    assert refinement.percent(said.worst) in made.report()
    assert html.escape(said.said()) in made.html
    assert {f"{load_scenario(name).anchor}.count"} < set(made.live)
    assert len(made.live) >= 3

    elements = elements_of(load_scenario(name), list(made.live))
    told = json.loads(data(made.html))
    points = refinement.random_points(
        [
            Axis(a["name"], "", tuple(a["nodes"]), a["log"], a["now"])
            for a in told["axes"]
        ],
        100,
        seed=99,  # settings that the export has not seen
    )
    ends = [
        Axis(a["name"], "", tuple(a["nodes"]), a["log"], a["now"]) for a in told["axes"]
    ]
    found = lattice.built(elements.rows, ends, elements.roles, elements.first)
    truth, read = elements.rows(points), found.at(points)
    values = elements.roles == VALUE
    np.testing.assert_allclose(
        read[:, values], truth[:, values], rtol=max(2 * said.worst, 1e-6)
    )


def test_months_and_volumes_are_read_off_the_curves_as_evaluate_finds_them() -> None:
    scenario = load_scenario()
    first, last = list(scenario.options)
    names = [f"{first}.count", f"{first}.price", f"{last}.price"]
    elements = elements_of(scenario, names)
    points = {
        names[0]: np.array([50.0, 2e4, 3e5, 9e6, 1e5]),
        names[1]: np.array([4000.0, 500.0, 1500.0, 8000.0, 200.0]),
        names[2]: np.array([26e3, 40e3, 90e3, 30e3, 99e3]),
    }
    truth = scenario.evaluate(points)
    own = refinement.derived(elements, elements.rows(points))
    months, volumes = truth.breakeven_month[0], truth.breakeven_volume[0]
    assert np.isfinite(volumes).any()
    np.testing.assert_allclose(own["month"][:, 0], months, rtol=1e-9)
    np.testing.assert_allclose(own["volume"][:, 0], volumes, rtol=1e-9)


def test_an_input_that_jumps_is_left_out_with_a_message() -> None:
    scenario = load_scenario()
    made = snapshot.snapshot(
        scenario, ["workload.interactivity", f"{scenario.anchor}.count"]
    )
    assert made.live == (f"{scenario.anchor}.count",)
    [message] = made.messages
    assert "Speed per user" in message
    assert "is not live" in message
    assert html.escape(message) in made.html


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("asic.acquisition", "is a choice"),
        ("gpu.count", "follows from the others"),
        ("finance.horizon", "length of the curves"),
        ("asic.cuont", "near: asic.count"),
    ],
)
def test_what_can_have_no_slider_is_refused(name: str, says: str) -> None:
    with pytest.raises((ValueError, KeyError), match=says):
        snapshot.snapshot(load_scenario(), [name])


# --------------------------------------------------------------------- the file


def data(text: str) -> str:
    found = re.search(r'id="breakeven-data">(.*?)</script>', text, re.DOTALL)
    assert found
    return found[1]


def test_the_file_is_small_and_refers_to_nothing(made: Snapshot) -> None:
    assert len(made.html.encode()) <= SIX_MB
    head, _, _ = made.html.partition("<script")
    assert "default-src 'none'" in head
    # links are for readers; nothing that a browser loads by itself has an address
    assert not re.search(r"<(link|iframe|img|base|object|embed)\b", head)
    assert not re.search(r"<script[^>]*\bsrc=", made.html)
    assert not re.search(r"@import|url\(", head)


def test_the_file_holds_inputs_sources_chain_and_scenario(made: Snapshot) -> None:
    scenario = load_scenario()
    for name, item in scenario.inputs().items():
        assert f"<code>{name}</code>" in made.html
        assert html.escape(item.evidence.source) in made.html
    assert "not published" in made.html
    found = re.search(r'id="toml">(.*?)</pre>', made.html, re.DOTALL)
    assert found
    assert html.unescape(found[1]) == export.to_toml(scenario)
    results = scenario.evaluate()
    for place in range(len(results.options)):
        assert f"{results.cost_per_token[place]:.6g} USD/Mtoken" in made.html


def test_the_scenario_in_the_file_gives_the_same_numbers(
    made: Snapshot, tmp_path: Path
) -> None:
    found = re.search(r'id="toml">(.*?)</pre>', made.html, re.DOTALL)
    assert found
    path = tmp_path / "again.toml"
    path.write_text(html.unescape(found[1]), encoding="utf-8")
    again = load_scenario(path).evaluate()
    np.testing.assert_array_equal(
        again.cost_per_token, load_scenario().evaluate().cost_per_token
    )


def test_the_command_prints_size_and_error(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    command = [
        sys.executable,
        "-m",
        "breakeven.apps.cli",
        "export",
        "trainium2-vs-h100",
    ]
    done = subprocess.run(
        [*command, "-o", str(path), "--live", "asic.count"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{path.stat().st_size:,} bytes" in done.stdout
    assert "live: asic.count" in done.stdout
    assert "largest error" in done.stdout
    assert done.stderr == ""


def test_a_failed_export_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise ValueError("broken")

    monkeypatch.setattr(snapshot, "rendered", broken)
    path = tmp_path / "page.html"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(ValueError, match="broken"):
        snapshot.write(load_scenario(), path, ["asic.count"])
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]
    assert path.read_text(encoding="utf-8") == "before"
