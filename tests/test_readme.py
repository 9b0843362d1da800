"""What the README says holds: its worked number, its commands, its picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from breakeven.apps import cli
from breakeven.explorer import load_scenario, words

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_worked_number_is_the_one_that_is_printed() -> None:
    """Remake it with `breakeven evaluate trainium2-vs-h100 --worked`."""
    block = re.search(r"<!-- worked -->\n```text\n(.*?)\n```", README, re.DOTALL)
    assert block
    scenario = load_scenario()
    assert block.group(1) == words.worked(scenario, scenario.evaluate())


def test_the_chain_can_be_redone_from_the_readme_alone() -> None:
    """Every line of numbers, keyed into a calculator, gives the value above it."""
    block = README.split("<!-- worked -->")[1]
    steps = re.findall(
        r"^  ([A-Z][\w ,]+): ([0-9.e+-]+).*\n      .*\n      = (.+)$",
        block,
        re.MULTILINE,
    )
    assert len(steps) > 20
    for label, value, numbers in steps:
        text = numbers.replace(",", "").replace("e^-", "2.718281828459045**-")
        text = text.replace(" x ", "*").replace("^", "**")
        assert re.fullmatch(r"[0-9.e+*/() -]+", text), text
        # digits and signs alone, as the line above has made sure
        found = eval(text, {"__builtins__": {}})
        assert found == pytest.approx(float(value), rel=2e-5, abs=1e-12), label


def test_every_command_of_the_readme_exists() -> None:
    named = set(re.findall(r"^breakeven (\w+)", README, re.MULTILINE))
    assert named <= set(cli.COMMANDS)
    assert {"evaluate", "export", "presets", "predict"} <= named


def test_pictures_and_links_are_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).is_file(), target


def test_the_scenario_of_the_readme_loads(tmp_path: Path) -> None:
    block = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert block
    path = tmp_path / "our-quote.toml"
    path.write_text(block.group(1))
    assert load_scenario(path).options["gpu"].chip.rental_price == 2.1
