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
    """Only numbers printed in the README, only the arithmetic it states."""
    block = README.split("<!-- worked -->")[1]
    own = block.split("H100\n")[0]

    def number(label: str) -> float:
        found = re.search(rf"  {label}: ([0-9.e+-]+)", own)
        assert found, label
        return float(found.group(1))

    lines = "Capital|Hosting|Electricity|Maintenance|Staff and software|NRE and port"
    month = sum(number(line) for line in lines.split("|"))
    assert month == pytest.approx(number("Cost of one chip per month"), rel=1e-4)
    work = number("Throughput of a busy chip") * 0.6 * 0.97 * 3600 * 730 / 1e6
    assert work == pytest.approx(number("Work of one chip per month"), rel=1e-4)
    assert month / work == pytest.approx(number("Levelised cost"), rel=1e-4)
    rate = 1.1 ** (1 / 12) - 1
    recovery = rate / (1 - (1 + rate) ** -60)
    assert recovery == pytest.approx(number("Capital recovery factor"), rel=1e-4)
    capital = number("Purchase of one chip") * (1 - 0.08 * (1 + rate) ** -60) * recovery
    assert capital == pytest.approx(number("Capital"), rel=1e-4)


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
