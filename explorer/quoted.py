"""Tables of a scenario document: resale quotes of an option, the load of a week."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakeven import presets
from breakeven.explorer.filling import ScenarioError, known_keys
from breakeven.models import quotes
from breakeven.models.scenario import Scenario


def put_tables(scenario: Scenario, tables: Mapping[str, Any], origin: str) -> None:
    """Give a scenario the tables of its document.

    ``load`` is the name of a measured week or its 168 hours; an option's key holds
    ``dates`` and ``values``, what its hardware is worth as a share of its price.

    Raises
    ------
    ScenarioError
        When a table breaks a rule: one line with file, table and rule.
    """
    where = f"{origin}: tables"
    known_keys(tables, ["load", *scenario.options], where)
    for key, table in tables.items():
        try:
            if key == "load":
                week = _load(table)
                for groups in scenario.options.values():
                    groups.load = week
            else:
                scenario.options[key].resale = _resale(table, f"{where}.{key}")
        except (TypeError, ValueError) as error:
            raise ScenarioError(f"{where}.{key}: {error}") from None


def to_document(scenario: Scenario) -> dict[str, Any]:
    """The tables of a scenario as its document has them."""
    found: dict[str, Any] = {}
    for key, groups in scenario.options.items():
        if groups.load is not None:
            found["load"] = groups.load.name or list(groups.load.hours)
        if groups.resale is not None:
            table = groups.resale
            found[key] = {"dates": list(table.dates), "values": list(table.values)}
    return found


def _load(table: Any) -> quotes.Load:
    """Week of a name or of its hours."""
    if isinstance(table, list):
        return quotes.Load(tuple(float(hour) for hour in table))
    if not isinstance(table, str):
        raise TypeError(f"{table!r} must be a name or 168 hours")
    rows = presets.preset("facts", table)
    days = [
        [rows[f"{day}_{hour:02d}"].central for hour in range(24)]
        if f"{day}_00" in rows
        else []
        for day in ("weekday", "weekend")
    ]
    if not all(days):
        raise ValueError(f"{table!r} has no hours of a week")
    return quotes.week(*([float(v or 0.0) for v in day] for day in days), table)


def _resale(table: Any, where: str) -> quotes.Resale:
    """Quotes of a table with dates and values."""
    if not isinstance(table, dict):
        raise TypeError(f"{table!r} must be a table with dates and values")
    known_keys(table, ["dates", "values"], where)
    dates, values = (table.get(name, []) for name in ("dates", "values"))
    if not isinstance(dates, list) or not isinstance(values, list):
        raise TypeError("dates and values must be lists")
    return quotes.resale(dates, values)
