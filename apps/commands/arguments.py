"""Arguments that several commands share: a scenario and changes to it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from breakeven.explorer import load_scenario
from breakeven.models import units
from breakeven.models.scenario import Scenario

if TYPE_CHECKING:
    from breakeven.explorer.fleets import FleetPlan

_SIZES = {"k": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "%": 0.01}


def add_scenario(parser: argparse.ArgumentParser) -> None:
    """Declare the scenario and `--set`."""
    parser.add_argument("scenario", help="name of a ready scenario, or a TOML file")
    parser.add_argument(
        "--llm",
        type=Path,
        metavar="CONFIG.JSON",
        help="model of the scenario, as a Hugging Face config.json describes it",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change an input by dotted name; VALUE may carry a unit: "
        "'site.electricity_price=80 USD/MWh'; repeat for more",
    )


def scenario(args: argparse.Namespace) -> Scenario:
    """Scenario of the arguments, with its changes.

    Raises
    ------
    KeyError, ValueError
        When the scenario, a name or a value is refused.
    """
    found = load_scenario(args.scenario)
    if args.llm:
        from breakeven.explorer import filling, uploads  # SciPy: only where needed

        name, shape = uploads.language_model(args.llm.read_bytes(), args.llm.name)
        filling.put_model(found, name, shape, args.llm.name)
    values: dict[str, object] = {}
    for text in args.set:
        name, sign, value = text.partition("=")
        if not sign:
            raise ValueError(f"--set {text!r} must read NAME=VALUE")
        # a choice such as acquisition decides which price a later `asic.price` means
        name = name.strip()
        values[name] = _value(found.with_values(values), name, value.strip())
    return found.with_values(values) if values else found


def fleet(args: argparse.Namespace, objective: str) -> FleetPlan:
    """Fleet of the arguments, with its changes; a scenario's is that of its options.

    Raises
    ------
    KeyError, ValueError
        When the fleet, a name or a value is refused.
    """
    from breakeven.explorer import fleet_documents, fleets

    document, origin = fleet_documents.read(args.scenario)
    if fleet_documents.is_scenario(document):
        return fleets.of_scenario(scenario(args), objective)
    if args.llm:
        raise ValueError(f"--llm: the workloads of {origin} name their own models")
    if objective:
        document["objective"] = objective
    found = fleet_documents.build(document, origin)
    for text in args.set:
        name, sign, value = text.partition("=")
        if not sign:
            raise ValueError(f"--set {text!r} must read NAME=VALUE")
        found.set(name.strip(), _value(found, name.strip(), value.strip()))
    return found


def _value(found: Scenario | FleetPlan, name: str, text: str) -> object:
    """Number in the input's own unit, or the text of a choice."""
    number, _, unit = text.partition(" ")
    size = _SIZES.get(number[-1:], 1.0)
    digits = number[:-1] if number[-1:] in _SIZES else number
    try:
        value = float(digits.replace("_", "").replace(",", "")) * size
    except ValueError:
        return text
    if not unit:
        return value
    dotted = found.resolve(name)
    try:
        return value * units.conversion(unit.strip(), found.inputs()[dotted].unit)
    except ValueError as error:
        raise ValueError(f"{dotted} = {text}: {error}") from None
