"""Two scenarios compared, in words and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from breakeven.explorer.wording import group_title, input_title
from breakeven.explorer.words import money, quantity_text
from breakeven.models.answers import ANSWERS
from breakeven.models.differences import Comparison, Part
from breakeven.models.quotes import Load, Resale
from breakeven.models.results import plain
from breakeven.models.scenario import Scenario

RULE = (
    "A contribution is a Shapley value: the mean effect of a change over all orders in "
    "which the changes could be made. They add up to the difference."
)
_SHOWN = 40  # inputs listed


def shown(answer: str, value: float, *, signed: bool = False) -> str:
    """An answer, or a contribution to it, in its unit."""
    if value != value:
        return "no answer"
    sign = ("+" if value >= 0 else "−") if signed else ""
    size = abs(value) if signed else value
    if answer in ("cost_per_token", "advantage"):
        return sign + money(size)
    if answer == "breakeven_month":
        return f"{sign}{size:.1f} months"
    return f"{sign}{size:.4f}"


def part_title(scenario: Scenario, part: Part) -> str:
    """What a part is called: an input, a group of them, or an option."""
    if len(part.names) == 1 and part.label == part.names[0]:
        return named(scenario, part.label)
    if part.label in scenario.options:
        return f"{scenario.options[part.label].option.label}, {len(part.names)} inputs"
    if part.label == "sizing":
        return "How counts follow"
    try:
        return f"{group_title(scenario, part.label)}, {len(part.names)} inputs"
    except KeyError:
        return f"{part.label}, {len(part.names)} inputs"


def named(scenario: Scenario, name: str) -> str:
    """Name of an input with that of its group."""
    prefix, dot, _ = name.rpartition(".")
    if not dot:
        return input_title(name)
    return f"{group_title(scenario, prefix)}: {input_title(name)}"


def value_text(value: Any, unit: str) -> str:
    """A value of an input with its unit."""
    if unit == "table":
        return _table_text(value)
    if value is None:
        return "not published"
    if not isinstance(value, float):
        return str(value)
    return f"{quantity_text(value, 4)} {'' if unit == '1' else unit}".strip()


def _table_text(table: Load | Resale | None) -> str:
    """What a table is, without its numbers."""
    if table is None:
        return "no table"
    if isinstance(table, Load):
        return table.name or f"{len(table.hours)} hours"
    return f"{len(table.values)} quotes, {table.dates[0]} to {table.dates[-1]}"


def sentence(first: Scenario, second: Scenario, found: Comparison) -> str:
    """The two answers in one line."""
    item = ANSWERS[found.answer]
    before, after = (shown(found.answer, v) for v in (found.before, found.after))
    same = first.title == second.title
    one, other = (s.name if same else s.title for s in (first, second))
    return f"{item.label}: {before} in {one}, {after} in {other}."


def report(first: Scenario, second: Scenario, found: Comparison) -> str:
    """Answers, contributions and inputs that differ, for a terminal."""
    lines = [sentence(first, second, found), ""]
    if not found.differences:
        return "\n".join([*lines, "No input differs."])
    if found.parts:
        total = shown(found.answer, found.after - found.before, signed=True)
        lines.append(f"What leads from one to the other ({total}):")
        for part in found.parts:
            said = shown(found.answer, part.value, signed=True)
            lines.append(f"  {said:>14}  {part_title(first, part)}")
        lines += [RULE, ""]
    else:
        said = "No contributions: some mixture of the two has no answer."
        lines += [said, ""]
    lines.append(f"{len(found.differences)} inputs differ:")
    for item in found.differences[:_SHOWN]:
        before, after = (value_text(v, item.unit) for v in (item.before, item.after))
        lines.append(f"  {item.name}: {before} → {after}")
    if (rest := len(found.differences) - _SHOWN) > 0:
        lines.append(f"  and {rest} more (--json lists them all)")
    return "\n".join(lines)


def to_json(first: Scenario, second: Scenario, found: Comparison) -> dict[str, Any]:
    """The same as data."""
    return {
        "answer": {"name": found.answer, "label": ANSWERS[found.answer].label},
        "first": {"name": first.name, "value": plain(found.before)},
        "second": {"name": second.name, "value": plain(found.after)},
        "rule": RULE,
        "contributions": [
            {"inputs": list(part.names), "value": plain(part.value)}
            for part in found.parts
        ],
        "differences": {
            item.name: {
                "first": _plain(item.before),
                "second": _plain(item.after),
                "unit": item.unit,
            }
            for item in found.differences
        },
    }


def _plain(value: Any) -> Any:
    """A value as JSON knows it; a table with all its numbers."""
    return asdict(value) if isinstance(value, Load | Resale) else value
