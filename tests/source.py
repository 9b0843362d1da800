"""The repository's own text, read without importing it, for the architecture tests."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("models", "presets", "explorer", "apps")
DERIVED = {"build", "dist", "__pycache__"}  # hidden folders are derived as well
FENCE = re.compile(r"^```(?:python|py)\b[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*suffixes: str) -> tuple[Path, ...]:
    """Files of the repository that someone wrote, with one of the suffixes if given."""
    found = []
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        derived = any(
            part in DERIVED
            or part.endswith(".egg-info")
            or (part.startswith(".") and part not in (".ci", ".gitignore"))
            for part in parts
        )
        if not derived and path.is_file() and (not suffixes or path.suffix in suffixes):
            found.append(path)
    return tuple(found)


@dataclass(frozen=True)
class Module:
    """One Python file, parsed."""

    path: Path
    text: str

    @cached_property
    def where(self) -> str:
        """Path inside the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def tree(self) -> ast.Module:
        """Syntax tree."""
        return ast.parse(self.text, filename=self.where)

    @cached_property
    def name(self) -> str:
        """Name it is imported by, for a file of one of the packages."""
        parts = list(self.path.relative_to(ROOT).with_suffix("").parts)
        return ".".join(["breakeven", *parts]).removesuffix(".__init__")

    @property
    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full dotted name of everything imported anywhere in the file."""
        for node in ast.walk(self.tree):
            yield from imported(node, self.name)

    def imports_at_start(self) -> Iterator[tuple[int, str]]:
        """The same for what runs when the module is imported: no function body."""
        todo: list[ast.AST] = [self.tree]
        while todo:
            node = todo.pop()
            yield from imported(node, self.name)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                todo.extend(node.orelse)
                continue
            todo.extend(ast.iter_child_nodes(node))


def imported(node: ast.AST, inside: str) -> Iterator[tuple[int, str]]:
    """Line and dotted names that one import statement brings in."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield node.lineno, alias.name
    elif isinstance(node, ast.ImportFrom):
        package = node.module or ""
        if node.level:
            above = inside.split(".")[: -node.level]
            package = ".".join([*above, *([node.module] if node.module else [])])
        for alias in node.names:
            yield node.lineno, f"{package}.{alias.name}"


def modules(*folders: str) -> tuple[Module, ...]:
    """Parsed Python files below the named folders; of the whole repository if none."""
    return tuple(
        Module(path, path.read_text(encoding="utf-8"))
        for path in files(".py")
        if not folders or path.relative_to(ROOT).parts[0] in folders
    )


def snippets() -> Iterator[tuple[str, str]]:
    """Place and text of Python outside .py files: notebook cells, fenced blocks."""
    for path in files(".ipynb"):
        for number, cell in enumerate(json.loads(path.read_text("utf-8"))["cells"]):
            if cell["cell_type"] == "code":
                lines = "".join(cell["source"]).splitlines()
                code = "\n".join(
                    line for line in lines if not line.startswith(("%", "!"))
                )
                yield f"{path.relative_to(ROOT).as_posix()} cell {number}", code
    for path in files(".md"):
        for match in FENCE.finditer(path.read_text("utf-8")):
            yield f"{path.relative_to(ROOT).as_posix()} code block", match[1]


def code_lines(function: Function, text: str) -> int:
    """Lines of a function that are code: no docstring, no comment, no blank line."""
    last = function.end_lineno or function.lineno
    numbers = set(range(function.lineno, last + 1))
    if ast.get_docstring(function) is not None:
        doc = function.body[0]
        numbers -= set(range(doc.lineno, (doc.end_lineno or doc.lineno) + 1))
    lines = text.splitlines()
    stripped = (lines[number - 1].strip() for number in numbers)
    return sum(1 for line in stripped if line and not line.startswith("#"))
