"""Scenarios compared: what differs, and contributions that add up."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from breakeven.apps.cli import main
from breakeven.explorer import load_scenario
from breakeven.models.answers import answered
from breakeven.models.differences import compared, differences

CHANGES: dict[str, Any] = {
    "gpu.chip.price": 22_000.0,
    "asic.utilisation": 0.5,
    "gpu.acquisition": "rent",
}


def test_what_differs_is_named_with_both_values() -> None:
    first = load_scenario()
    second = first.with_values(CHANGES)
    found = {d.name: (d.before, d.after) for d in differences(first, second)}
    assert found == {
        "gpu.chip.price": (26_000.0, 22_000.0),
        "asic.utilisation": (0.6, 0.5),
        "gpu.acquisition": ("buy", "rent"),
    }
    assert differences(first, first) == ()


@pytest.mark.parametrize("answer", ["ratio", "cost_per_token"])
def test_contributions_are_means_over_all_orders(answer: str) -> None:
    first = load_scenario()
    second = first.with_values(CHANGES)
    found = compared(first, second, answer)

    def worth(names: tuple[str, ...]) -> float:
        changed = first.with_values({n: CHANGES[n] for n in names})
        return float(answered(changed.evaluate(curves=False), answer, "asic"))

    assert found.before == worth(())
    assert found.after == pytest.approx(worth(tuple(CHANGES)))
    orders = list(itertools.permutations(CHANGES))
    for part in found.parts:
        (name,) = part.names
        gains = [
            worth((*order[: order.index(name)], name))
            - worth(order[: order.index(name)])
            for order in orders
        ]
        assert part.value == pytest.approx(np.mean(gains), abs=1e-12)


def test_they_add_up_between_scenarios_that_share_little() -> None:
    first, second = load_scenario(), load_scenario("trainium3-vs-b200")
    kept = first.evaluate(curves=False).cost_per_token.copy()
    found = compared(first, second)
    assert len(found.differences) > 50
    total = sum(part.value for part in found.parts)
    assert total == pytest.approx(found.after - found.before, abs=1e-12)
    truth = answered(second.evaluate(curves=False), "ratio")
    assert found.after == pytest.approx(float(truth), rel=1e-12)
    np.testing.assert_array_equal(first.evaluate(curves=False).cost_per_token, kept)


def test_a_mixture_without_an_answer_has_no_contributions() -> None:
    first = load_scenario()
    second = first.with_values({"asic.acquisition": "buy", "gpu.utilisation": 0.3})
    found = compared(first, second)
    assert found.parts == ()
    assert np.isnan(found.after)
    assert len(found.differences) == 2


def test_other_numbers_of_options_are_refused() -> None:
    with pytest.raises(ValueError, match="with 2 and 3 options cannot be compared"):
        compared(load_scenario(), load_scenario("mtia-and-maia-vs-h100"))


def test_the_command_says_it(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "quote.toml"
    path.write_text(
        'name = "quote"\nbase = "trainium2-vs-h100"\n[values]\n"gpu.price" = 20000\n'
    )
    assert main(["diff", "trainium2-vs-h100", str(path)]) == 0
    said = capsys.readouterr().out
    assert "H100: chip and server: Price" in said
    assert "gpu.chip.price: 26.00 k USD → 20.00 k USD" in said
    assert "Shapley value" in said
    assert main(["diff", "trainium2-vs-h100", str(path), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    (part,) = data["contributions"]
    gap = data["second"]["value"] - data["first"]["value"]
    assert part["value"] == pytest.approx(gap)
    assert main(["diff", "trainium2-vs-h100", "mtia-and-maia-vs-h100"]) == 2
    assert main(["diff", "trainium2-vs-h100", str(path), "--answer", "rato"]) == 2
    assert "near: ratio" in capsys.readouterr().err


def test_tables_differ_and_contribute(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "quoted.toml"
    file.write_text(
        'base = "trainium2-vs-h100"\nname = "quoted"\n[tables]\n'
        'load = "chat_global"\n[tables.gpu]\n'
        'dates = ["2023-01", "2024-01", "2026-01"]\nvalues = [1.0, 0.9, 0.3]\n'
    )
    first, second = load_scenario(), load_scenario(file)
    found = compared(first, second)
    names = {d.name: d.unit for d in found.differences}
    assert names == dict.fromkeys(("asic.load", "gpu.load", "gpu.resale"), "table")
    ratios = [float(answered(s.evaluate(), "ratio", "asic")) for s in (first, second)]
    assert [found.before, found.after] == pytest.approx(ratios, rel=1e-12)
    assert ratios[0] != ratios[1]
    total = sum(part.value for part in found.parts)
    assert total == pytest.approx(found.after - found.before, rel=1e-9)
    assert main(["diff", "trainium2-vs-h100", str(file)]) == 0
    said = capsys.readouterr().out
    assert "gpu.resale: no table → 3 quotes, 2023-01 to 2026-01" in said
    assert "gpu.load: no table → chat_global" in said
    assert main(["diff", "trainium2-vs-h100", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["differences"]["gpu.resale"]["second"]["values"] == [1.0, 0.9, 0.3]
