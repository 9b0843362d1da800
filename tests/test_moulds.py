"""Figures cast from a mould are the figures that HoloViews draws."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from bokeh.model import Model

from breakeven.explorer import load_scenario, moulds, style
from breakeven.explorer.style import Scale
from breakeven.explorer.views.amortisation import Amortisation
from breakeven.explorer.views.cost import Cost


def plain(value: Any, seen: dict[str, int]) -> Any:
    """A model and all below it as plain data; identities are places in the order."""
    if isinstance(value, Model):
        if value.id in seen:
            return seen[value.id]
        seen[value.id] = len(seen)
        values = value.properties_with_values()
        return [
            type(value).__name__,
            {name: plain(values[name], seen) for name in sorted(values)},
        ]
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, dict):
        return {name: plain(part, seen) for name, part in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(part, seen) for part in value]
    return str(value)


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moulds, "_MOULDS", {})


def test_a_cast_is_what_was_drawn() -> None:
    drawn = Amortisation("one")._figures(2)
    assert len(moulds._MOULDS) == 3
    again = Amortisation("two")._figures(2)
    assert len(moulds._MOULDS) == 3, "nothing is drawn twice"
    for before, after in zip(drawn, again, strict=True):
        assert str(plain(before, {})).replace("one:", "two:") == str(plain(after, {}))


def test_casts_share_no_model() -> None:
    figures = [Amortisation(key)._figures(2)[0] for key in ("a", "b", "c")]
    found = [{model.id for model in figure.references()} for figure in figures]
    assert all(len(ids) > 30 for ids in found)
    assert not found[0] & found[1]
    assert not found[1] & found[2]


def test_another_look_is_another_mould() -> None:
    for rows in (2, 3):
        for width in (1.0, 2.0):
            for high in (1.0, 5.0):
                plot = style.paths("k:v/x", rows, width) * style.texts("k:v/y", rows)
                x, y = Scale("X", 0, high), Scale("Y", 0, 1, "usd")
                drawn = style.figure(plot, "k:v/x", x, y)
                assert drawn.x_range.end == high
                assert len(drawn.renderers[0].data_source.data["xs"]) == rows
                assert drawn.renderers[0].glyph.line_width == width
    assert len(moulds._MOULDS) == 8


def test_every_page_has_sources_of_its_own_name() -> None:
    scenario = load_scenario()
    for key in ("first", "second"):
        body = Cost(key).body(scenario, scenario.evaluate())
        panes = [pane for card in body for pane in card if hasattr(pane, "object")]
        names = [m.name for pane in panes for m in pane.object.references() if m.name]
        assert names
        assert all(name.startswith(f"{key}:") for name in names)
