"""Published numbers, computed through the public functions, each at its tolerance."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import oracles_decisions
import oracles_finance
import oracles_fleet
import oracles_silicon
import pytest

DATA = Path(__file__).parent / "data" / "oracles.toml"
CASES = tomllib.loads(DATA.read_text("utf-8"))["oracle"]
COMPUTED = oracles_finance.CASES | oracles_silicon.CASES | oracles_fleet.CASES
COMPUTED |= oracles_decisions.CASES
USED = [case for case in CASES if "left_out" not in case]


@pytest.mark.parametrize("case", USED, ids=lambda case: case["id"])
def test_a_published_number_is_reproduced(case: dict[str, Any]) -> None:
    found = COMPUTED[case["id"]](case["inputs"])
    tolerance = {"rtol": case.get("rel_tol", 0.0), "atol": case.get("abs_tol", 0.0)}
    for name, expected in case["expected"].items():
        np.testing.assert_allclose(found[name], expected, **tolerance, err_msg=name)
    for name, value in case.get("derived", {}).items():
        np.testing.assert_allclose(found[name], value, rtol=1e-6, err_msg=name)


def test_every_case_is_computed_or_says_why_not() -> None:
    ids = [case["id"] for case in CASES]
    assert len(ids) == len(set(ids))
    assert {case["id"] for case in USED} == set(COMPUTED)
    assert all(case["left_out"] for case in CASES if case not in USED)


def test_every_case_has_a_source_and_a_tolerance() -> None:
    for case in USED:
        assert case["source"], case["id"]
        assert ("rel_tol" in case) != ("abs_tol" in case), case["id"]
        assert case["evidence"], case["id"]
