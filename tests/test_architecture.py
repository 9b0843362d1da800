"""The rules of the house, checked on the source: imports, sizes, docstrings, paths."""

from __future__ import annotations

import ast
import graphlib
import importlib
import re
import sys

import pytest
from source import (
    PACKAGES,
    ROOT,
    Function,
    code_lines,
    files,
    imported,
    modules,
    snippets,
)

# The standard library that reaches outside the process; equations do not.
OUTSIDE = set(
    "asyncio configparser csv dbm email fileinput ftplib getpass glob http imaplib io "
    "json logging marshal mmap multiprocessing os pathlib pickle random secrets select "
    "shelve shutil signal smtplib socket socketserver sqlite3 ssl subprocess sys "
    "tempfile threading time tomllib urllib webbrowser xml zipfile".split()
)
STANDARD = sys.stdlib_module_names
SCREEN = {"panel", "holoviews", "bokeh", "tornado"}
FILES = {"xlsxwriter", "matplotlib", "quickjs", "pyarrow", "pandas", "xarray"}
THIRD_PARTY: dict[str, set[str]] = {
    "models": {"numpy", "scipy", "param"},
    "presets": set(),
    "explorer": {"numpy", "param", "distributed", "cryptography"} | FILES | SCREEN,
    "apps": {"panel", "tqdm"},
}
OURS: dict[str, set[str]] = {
    "models": {"models"},
    "presets": {"presets"},
    "explorer": {"models", "presets", "explorer"},
    "apps": {"explorer", "apps"},
}
FORBIDDEN_CALLS = {"print", "open", "input", "exec", "eval", "compile", "breakpoint"}
NUMPY_FILES = {"load", "save", "savez", "loadtxt", "savetxt", "genfromtxt", "memmap"}
RANDOM_CLASSES = set(
    "Generator default_rng SeedSequence BitGenerator PCG64 PCG64DXSM Philox SFC64 "
    "Random".split()
)


def none(violations: list[str], rule: str) -> None:
    """Fail with every violation of a rule, one a line."""
    assert not violations, f"{rule}:\n  " + "\n  ".join(violations)


def test_there_is_source_to_judge() -> None:
    found = {folder: len(modules(folder)) for folder in PACKAGES}
    assert all(found.values()), found


@pytest.mark.parametrize("folder", PACKAGES)
def test_a_package_imports_only_what_its_layer_may(folder: str) -> None:
    bad = []
    for module in modules(folder):
        ours = OURS[folder]
        if folder == "apps" and module.path.relative_to(ROOT / "apps").parts[0] in (
            "cli.py",
            "commands",
        ):
            ours = ours | {"models", "presets"}
        for line, name in module.imports():
            top, *rest = name.split(".")
            allowed = (
                bool(rest) and rest[0] in ours
                if top == "breakeven"
                else top in THIRD_PARTY[folder]
                or (top in STANDARD and not (folder == "models" and top in OUTSIDE))
            )
            if not allowed:
                bad.append(f"{module.where}:{line} imports {name}")
    none(bad, f"{folder}/ may not import")


def bare(tree: ast.AST) -> list[tuple[int, str]]:
    """Imports of our folders by their bare names: a second copy of each module."""
    return [
        (line, name)
        for node in ast.walk(tree)
        if not (isinstance(node, ast.ImportFrom) and node.level)
        for line, name in imported(node, "")
        if name.split(".")[0] in PACKAGES
    ]


def test_every_import_of_ours_begins_with_breakeven() -> None:
    bad = [f"{m.where}:{line} {name}" for m in modules() for line, name in bare(m.tree)]
    for where, text in snippets():
        bad += [f"{where} {name}" for _, name in bare(ast.parse(text, where))]
    none(bad, "say breakeven.models, never models alone")


@pytest.mark.parametrize(
    "text",
    ["import models", "from models.base import Group", "if x:\n import apps.cli"],
)
def test_a_bare_import_is_caught(text: str) -> None:
    assert bare(ast.parse(text))


def test_no_import_cycle() -> None:
    ours = {module.name: module for module in modules(*PACKAGES)}
    graph: dict[str, set[str]] = {}
    for name, module in ours.items():
        targets = set()
        for _, target in module.imports_at_start():
            while target and target not in ours:
                target = target.rpartition(".")[0]
            if target and target != name:
                targets.add(target)
        graph[name] = targets
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_apps_have_no_classes() -> None:
    bad = [
        f"{m.where}:{node.lineno} class {node.name}"
        for m in modules("apps")
        for node in ast.walk(m.tree)
        if isinstance(node, ast.ClassDef)
    ]
    none(bad, "apps are entry points")


def test_files_have_fewer_than_300_lines() -> None:
    bad = []
    for path in files(".py", ".js", ".css"):
        text = path.read_text("utf-8")
        lines = len(text.splitlines())
        # Longer lines than the formatter's 88 would be a way round the rule.
        if lines >= 300 or len(text) >= 300 * 88:
            bad.append(
                f"{path.relative_to(ROOT)}: {lines} lines, {len(text)} characters"
            )
    none(bad, "split by noun")


def test_functions_have_fewer_than_40_lines_of_code() -> None:
    bad = [
        f"{m.where}:{f.lineno} {f.name}: {lines} lines"
        for m in modules()
        for f in m.functions
        if (lines := code_lines(f, m.text)) >= 40
    ]
    none(bad, "too long")


def test_models_do_no_input_or_output() -> None:
    bad = []
    for module in modules("models"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                call = ast.unparse(node.func)
                tail = call.rpartition(".")[2]
                numpy = call.startswith(("np.", "numpy.")) and tail in NUMPY_FILES
                if call in FORBIDDEN_CALLS or numpy or tail in ("tofile", "fromfile"):
                    bad.append(f"{module.where}:{node.lineno} {call}()")
            elif isinstance(node, ast.Global):
                bad.append(f"{module.where}:{node.lineno} global {node.names}")
    none(bad, "models compute and do nothing else")


def global_random(tree: ast.AST) -> list[tuple[int, str]]:
    """Uses of a generator that the whole process shares."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            shared = owner in ("np.random", "numpy.random", "random")
            if shared and node.attr not in RANDOM_CLASSES:
                found.append((node.lineno, f"{owner}.{node.attr}"))
        for line, name in imported(node, ""):
            owner, _, what = name.rpartition(".")
            if owner in ("numpy.random", "random") and what not in RANDOM_CLASSES:
                found.append((line, name))
    return found


def test_no_global_random_generator() -> None:
    bad = [
        f"{module.where}:{line} {what}"
        for module in modules()
        for line, what in global_random(module.tree)
    ]
    none(bad, "pass a numpy.random.Generator")


@pytest.mark.parametrize(
    "text", ["np.random.seed(1)", "random.random()", "from random import choice"]
)
def test_a_global_generator_is_caught(text: str) -> None:
    assert global_random(ast.parse(text))


def docstring_faults(function: Function) -> list[str]:
    """What the docstring of an equation lacks: itself, a unit, an argument."""
    doc = ast.get_docstring(function)
    if not doc:
        return ["no docstring"]
    unit = re.search(r"\[[^\]\[]+\](?!_)", doc.split("\n\n")[0])
    faults = [] if unit else ["no [unit] in the first paragraph"]
    a = function.args
    every = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
    missing = [x.arg for x in every if not re.search(rf"\b{x.arg}\b", doc)]
    return faults + ([f"not named: {', '.join(missing)}"] if missing else [])


def test_every_public_function_of_models_states_its_units() -> None:
    bad = [
        f"{m.where}:{f.lineno} {f.name}: {'; '.join(faults)}"
        for m in modules("models")
        for f in m.tree.body
        if isinstance(f, ast.FunctionDef)
        and not f.name.startswith("_")
        and (faults := docstring_faults(f))
    ]
    none(bad, "docstrings of equations are shown to users")


@pytest.mark.parametrize("package", PACKAGES)
def test_all_names_exist(package: str) -> None:
    module = importlib.import_module(f"breakeven.{package}")
    names = getattr(module, "__all__", ())
    missing = [name for name in names if not hasattr(module, name)]
    none(missing, f"breakeven.{package}.__all__ names what does not exist")
