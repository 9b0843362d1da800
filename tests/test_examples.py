"""The examples in the docstrings of models give what they show."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from breakeven import models

NAMES = sorted(found.name for found in pkgutil.iter_modules(models.__path__))


@pytest.mark.parametrize("name", NAMES)
def test_examples_in_docstrings(name: str) -> None:
    module = importlib.import_module(f"breakeven.models.{name}")
    assert doctest.testmod(module).failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    found = finder.find(importlib.import_module("breakeven.models.annuity"))
    assert sum(bool(test.examples) for test in found) >= 3
