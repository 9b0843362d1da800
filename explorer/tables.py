"""Results as tables of pandas or xarray, each column with its unit."""

from __future__ import annotations

from dataclasses import fields
from importlib.util import find_spec
from typing import Any

import numpy as np

from breakeven.models.results import Results, limit_name
from breakeven.models.tco import COST_LINES

_AXES = {
    "cumulative_cost": "month",
    "work_to_date": "month",
    "cost_to_date": "month",
    "cost_by_volume": "volume",
}


def table(results: Results) -> Any:
    """An xarray Dataset when xarray is installed, else a pandas DataFrame."""
    return to_xarray(results) if find_spec("xarray") else to_pandas(results)


def to_pandas(results: Results) -> Any:
    """DataFrame of every number of an option: a row a number, a column an option."""
    import pandas as pd

    rows, index = [], []
    for name, values in _numbers(results):
        label = _label(results, name)
        index.append((name, label, results.unit(name)))
        rows.append(values)
    names = pd.MultiIndex.from_tuples(index, names=["name", "label", "unit"])
    return pd.DataFrame(rows, index=names, columns=list(results.labels))


def to_xarray(results: Results) -> Any:
    """Dataset of everything, curves over month and volume included."""
    import xarray as xr

    coordinates = {
        "option": list(results.options),
        "label": ("option", list(results.labels)),
        "line": list(COST_LINES),
        "month": ("month", results.months, {"units": "month"}),
        "volume": ("volume", results.volumes, {"units": "chip"}),
    }
    found = {}
    for name, values in _numbers(results):
        found[name] = (("option",), values, _said(results, name))
    found["breakdown"] = (
        ("line", "option"),
        results.breakdown,
        _said(results, "breakdown"),
    )
    for name, axis in _AXES.items():
        values = getattr(results, name)
        if values.size:
            found[name] = (("option", axis), values, _said(results, name))
    found["limited_by"] = ("option", [limit_name(code) for code in results.limited_by])
    notes = {"notes": list(results.notes), "reference": results.reference}
    return xr.Dataset(found, coordinates, notes)


def _numbers(results: Results) -> list[tuple[str, np.ndarray]]:
    """Fields that hold one number an option."""
    found = []
    for item in fields(results):
        values = getattr(results, item.name)
        single = isinstance(values, np.ndarray) and values.dtype.kind == "f"
        if single and values.shape == (len(results.options),):
            found.append((item.name, values))
    return found


def _label(results: Results, name: str) -> str:
    return str(next(f for f in fields(results) if f.name == name).metadata["label"])


def _said(results: Results, name: str) -> dict[str, str]:
    return {"units": results.unit(name), "long_name": _label(results, name)}
