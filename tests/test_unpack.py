"""The wire: what Python packs is what unpack.js unpacks, and how it writes it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from breakeven.explorer import wire
from breakeven.explorer.components import UNPACK, script


@pytest.mark.parametrize(
    "arrays",
    [[], [[]], [[1.5]], [[1, 2, 3], [], [np.nan, -1e9]], [np.eye(3), 7.0]],
    ids=["none", "empty", "one", "mixed", "shapes"],
)
def test_a_buffer_comes_back_as_it_went(arrays: list[Any]) -> None:
    buffer = wire.packed(arrays)
    assert buffer.dtype == np.float32
    back = wire.unpacked(buffer)
    assert len(back) == len(arrays)
    for one, other in zip(arrays, back, strict=True):
        np.testing.assert_array_equal(np.float32(np.ravel(one)), other)


def test_python_and_the_browser_agree_on_how_many_arrays_a_kind_takes() -> None:
    found = re.search(r"const TAKES = \{([^}]*)\}", script("unpack.js"))
    assert found
    takes = {k: int(v) for k, v in re.findall(r"(\w+): (\d)", found[1])}
    assert {k: takes.get(k, 1) for k in wire.TAKES} == wire.TAKES
    assert set(takes) <= set(wire.TAKES)
    kinds = re.search(r"const KINDS = \{(.*?)\n  \};", script("unpack.js"), re.DOTALL)
    assert kinds
    named = set(re.findall(r"^    (\w+)\(", kinds[1], re.MULTILINE))
    assert named == {*wire.TAKES, "columns"}


@pytest.fixture
def b(page: Page) -> Page:
    """An empty page with the scripts of the wire and nothing else."""
    page.add_script_tag(content=f"{UNPACK};globalThis.b = breakeven")
    return page


NUMBERS = [
    ("usd", 0.4137, "$0.414"),
    ("usd", 1_234_567.0, "$1.23 M"),
    ("usd", -2.5e9, "−$2.50 B"),
    ("number", 999_999.0, "1.00 M"),
    ("number", 99_950.0, "100 k"),
    ("number", 12.0, "12.0"),
    ("percent", 0.354, "35.4 %"),
    ("months", 1.0, "1 month"),
    ("months", 13.7, "14 months"),
    ("mw", 1234.0, "1.23 GW"),
    ("mw", 0.25, "250 kW"),
    ("s", 0.1326, "133 ms"),
    ("usd", None, "–"),
]


@pytest.mark.browser
@pytest.mark.parametrize(("kind", "value", "text"), NUMBERS)
def test_numbers_are_written_alike(
    b: Page, kind: str, value: float | None, text: str
) -> None:
    said = b.evaluate("([k, v]) => b.format(k, v ?? NaN)", [kind, value])
    assert said == text


@pytest.mark.browser
def test_names_at_line_ends_do_not_overlap(b: Page) -> None:
    source = b.evaluate(
        """() => {
          const source = {data: {}, change: {emit() {}}};
          const layout = {entries: [{kind: "ends", source: "s", gap: 0.1}],
            options: ["a", "b", "c", "d"].map((label) => ({label}))};
          const values = [3, 4, 4, 2, 1, 1, 1, 1, 5, 5.01, 4.99, 0.01, 0, 10];
          const handles = {source: () => source, element: () => null, dark: false};
          b.unpack(Float32Array.from(values), layout, handles);
          return Array.from(source.data.y);
        }"""
    )
    high = sorted(source, reverse=True)
    assert all(a - b > 0.99 for a, b in pairwise(high))
    assert 0 <= min(source) <= max(source) <= 10


@pytest.mark.browser
def test_a_layout_that_does_not_fit_its_buffer_is_an_error(b: Page) -> None:
    said = b.evaluate(
        """() => {
          try {
            b.unpack(Float32Array.from([2, 1, 1, 5, 6]), {options: [],
              entries: [{kind: "range", range: "r"}]}, {range: () => null,
              element: () => null});
          } catch (error) { return error.message; }
        }"""
    )
    assert said == "layout takes 1 of 2 arrays"
