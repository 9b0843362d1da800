"""Formulas written once: as the text of a spreadsheet cell and as the number it shows.

A formula is an expression in Python's notation over dotted names, such as
``price * (1 - residual) / life``. From one tree come the text that a spreadsheet
computes again, and the value that it shows until then. A number that nobody knows is
NaN here and ``#N/A`` there; both run through every formula that uses them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from breakeven.models.base import unknown_name


@dataclass(frozen=True)
class Cell:
    """What a name stands for: how formulas refer to it, and its value.

    The value is a number, a text, or the array of a column.
    """

    text: str
    value: Any


Cells = Mapping[str, Cell]

_BINARY: dict[type[ast.operator], tuple[str, int, Callable[..., Any]]] = {
    ast.Add: ("+", 1, np.add),
    ast.Sub: ("-", 1, np.subtract),
    ast.Mult: ("*", 2, np.multiply),
    ast.Div: ("/", 2, np.divide),
    ast.Pow: ("^", 3, np.power),
}
_COMPARE: dict[type[ast.cmpop], tuple[str, Callable[..., Any]]] = {
    ast.Eq: ("=", np.equal),
    ast.NotEq: ("<>", np.not_equal),
    ast.Gt: (">", np.greater),
    ast.GtE: (">=", np.greater_equal),
    ast.Lt: ("<", np.less),
    ast.LtE: ("<=", np.less_equal),
}
_ATOM = 9


def _logical(every: bool) -> Callable[..., Any]:
    function = np.logical_and if every else np.logical_or

    def joined(*values: Any) -> Any:
        found = values[0]
        for value in values[1:]:
            found = function(found, value)
        return found

    return joined


def _where(condition: Any, yes: Any, no: Any) -> Any:
    """IF: an unknown condition gives an unknown result, one branch may be text."""
    if np.ndim(condition) == 0:
        if _unknown(condition):
            return np.nan
        return yes if bool(condition) else no
    chosen = np.where(np.nan_to_num(condition) != 0, yes, no)
    return np.where(_unknown(condition), np.nan, chosen)


def _unknown(value: Any) -> Any:
    array = np.asarray(value)
    return np.isnan(array) if array.dtype.kind == "f" else np.zeros(array.shape, bool)


_FUNCTIONS: dict[str, tuple[str, Callable[..., Any]]] = {
    "where": ("IF", _where),
    "either": ("OR", _logical(False)),
    "both": ("AND", _logical(True)),
    "max": ("MAX", lambda *v: np.maximum.reduce(np.broadcast_arrays(*v))),
    "min": ("MIN", lambda *v: np.minimum.reduce(np.broadcast_arrays(*v))),
    "sum": ("SUM", lambda *v: np.sum(np.broadcast_arrays(*v), axis=0)),
    "first": ("INDEX({0},1)", lambda v: v[0]),
    "dot": ("SUMPRODUCT", lambda a, b: np.sum(a * b)),
    "exp": ("EXP", np.exp),
    "abs": ("ABS", np.abs),
    "na": ("NA", lambda: np.nan),
    "known": ("ISNUMBER", lambda v: np.asarray(~_unknown(v), float)[()]),
    "ceiling": ("ROUNDUP({0},0)", np.ceil),
    # a value between the rows of a table, the ends beyond it
    "interpolated": (
        "IF({0}<=MIN({1}),INDEX({2},1),IF({0}>=MAX({1}),INDEX({2},ROWS({2})),"
        "INDEX({2},MATCH({0},{1},1))+(INDEX({2},MATCH({0},{1},1)+1)"
        "-INDEX({2},MATCH({0},{1},1)))*({0}-INDEX({1},MATCH({0},{1},1)))"
        "/(INDEX({1},MATCH({0},{1},1)+1)-INDEX({1},MATCH({0},{1},1)))))",
        np.interp,
    ),
    # mean over a table of what a share of it asks for, at most all there is
    "mean_served": (
        "(SUMPRODUCT(({0}*{1}<1)*{0}*{1}+({0}*{1}>=1))/ROWS({1}))",
        lambda share, shape: np.minimum(np.multiply.outer(share, shape), 1.0).mean(-1),
    ),
}


def compiled(expression: str, cells: Cells, scope: str = "") -> Cell:
    """Text and value of an expression; names are looked up in the scope first.

    Raises
    ------
    KeyError
        When a name is not known; near ones are offered.
    ValueError
        When the expression uses what a spreadsheet formula cannot say.
    """
    tree = ast.parse(expression.strip(), mode="eval").body
    with np.errstate(all="ignore"):
        text, _, value = _Compiler(cells, scope).visit(tree)
    return Cell(text, value)


class _Compiler:
    """Walks the tree of an expression; every visit gives text, strength and value."""

    def __init__(self, cells: Cells, scope: str) -> None:
        self.cells, self.scope = cells, scope

    def visit(self, node: ast.expr) -> tuple[str, int, Any]:
        if isinstance(node, ast.Constant):
            return self._constant(node.value)
        if isinstance(node, ast.Name | ast.Attribute):
            cell = self._cell(ast.unparse(node))
            return cell.text, _ATOM, cell.value
        if isinstance(node, ast.BinOp):
            return self._binary(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            text, strength, value = self.visit(node.operand)
            text = text if strength == _ATOM else f"({text})"
            # in a spreadsheet a minus sign binds before a power
            return f"(-{text})", _ATOM, np.negative(value)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return self._compare(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node.func.id, node.args)
        raise ValueError(f"a formula cannot say {ast.unparse(node)!r}")

    def _cell(self, name: str) -> Cell:
        for key in (f"{self.scope}.{name}" if self.scope else name, name):
            if key in self.cells:
                return self.cells[key]
        raise unknown_name("name in a formula", name, self.cells)

    def _constant(self, value: Any) -> tuple[str, int, Any]:
        if isinstance(value, str):
            return '"' + value.replace('"', '""') + '"', _ATOM, value
        return f"{value!r}".upper(), _ATOM, float(value)

    def _binary(self, node: ast.BinOp) -> tuple[str, int, Any]:
        sign, strength, function = _BINARY[type(node.op)]
        left, low, a = self.visit(node.left)
        right, high, b = self.visit(node.right)
        # a spreadsheet takes a power from the left: brackets around both sides
        if low < strength or (sign == "^" and low < _ATOM):
            left = f"({left})"
        if high <= strength and (sign not in "+*" or high < strength):
            right = f"({right})"
        return f"{left}{sign}{right}", strength, function(a, b)

    def _compare(self, node: ast.Compare) -> tuple[str, int, Any]:
        sign, function = _COMPARE[type(node.ops[0])]
        left, _, a = self.visit(node.left)
        right, _, b = self.visit(node.comparators[0])
        text = f"{left}{sign}{right}"
        if isinstance(a, str) or isinstance(b, str):
            return text, 0, float((a == b) is (sign == "="))
        found = np.asarray(function(a, b), float)
        lost = _unknown(a) | _unknown(b)
        return text, 0, np.where(lost, np.nan, found)[()]

    def _call(self, name: str, nodes: list[ast.expr]) -> tuple[str, int, Any]:
        if name not in _FUNCTIONS:
            raise unknown_name("function in a formula", name, _FUNCTIONS)
        said, function = _FUNCTIONS[name]
        parts = [self.visit(node) for node in nodes]
        texts = [part for part, _, _ in parts]
        text = said.format(*texts) if "{" in said else f"{said}({','.join(texts)})"
        return text, _ATOM, function(*(value for _, _, value in parts))
