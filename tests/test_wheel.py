"""What is built holds every file, and works in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import browser
import pytest
from packaging.requirements import Requirement
from playwright.sync_api import Browser
from source import PACKAGES, ROOT, files

pytestmark = pytest.mark.wheel

SHIPPED = {".py", ".csv", ".toml", ".js", ".css", ".html", ".ipynb", ".typed"}
TRAP = "raise RuntimeError('a file of the user was imported instead of ours')\n"


def on_disk() -> set[str]:
    """Files of the four folders that have to be shipped, relative to the root."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in files()
        if path.relative_to(ROOT).parts[0] in PACKAGES
        and (path.suffix in SHIPPED or path.name == "py.typed")
    }


def backend_is_installed() -> bool:
    """Whether what pyproject.toml wants for a build is here already."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]
    for text in wanted["requires"]:
        requirement = Requirement(text)
        try:
            if metadata.version(requirement.name) not in requirement.specifier:
                return False
        except metadata.PackageNotFoundError:
            return False
    return True


@dataclass(frozen=True)
class Built:
    """The two archives of one build."""

    wheel: Path
    sdist: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Source archive, and the wheel made from it, built from a copy of the sources."""
    folder = tmp_path_factory.mktemp("build")
    for path in files():
        copy = folder / "source" / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    isolation = ["--no-isolation"] if backend_is_installed() else []
    command = [sys.executable, "-m", "build", *isolation, "--outdir", str(folder)]
    run([*command, str(folder / "source")], folder)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return Built(wheel, sdist)


@pytest.fixture(scope="module")
def python(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Interpreter of a fresh environment that holds the wheel.

    Its dependencies are those of this environment, seen through a .pth file: they are
    not what is tested, and installing them again would take minutes.
    """
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    interpreter = scripts / ("python.exe" if os.name == "nt" else "python")
    pip = [sys.executable, "-m", "pip", "--python", str(interpreter)]
    run(
        [*pip, "install", "--no-deps", "--no-index", "--quiet", str(built.wheel)],
        folder,
    )
    where = run(
        [str(interpreter), "-c", "import site; print(site.getsitepackages()[0])"]
    )
    ours = sysconfig.get_path("purelib"), sysconfig.get_path("platlib")
    Path(where.strip(), "dependencies.pth").write_text("\n".join(dict.fromkeys(ours)))
    return interpreter


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with files and folders that bear the names of ours."""
    folder = tmp_path_factory.mktemp("home")
    for name in PACKAGES:
        (folder / f"{name}.py").write_text(TRAP)
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(TRAP)
    return folder


def run(command: list[str], folder: Path | None = None) -> str:
    """Output of a command that must succeed, in a folder."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def command_line(python: Path) -> str:
    """The console script of the fresh environment."""
    return str(python.parent / ("breakeven.exe" if os.name == "nt" else "breakeven"))


def test_the_wheel_holds_every_file_and_no_other(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        info = {name.rpartition("/")[2] for name in archive.namelist()} - names
    assert {name.split("/")[0] for name in names} == {"breakeven"}
    assert {name.removeprefix("breakeven/") for name in names} == on_disk()
    assert {"METADATA", "LICENSE", "entry_points.txt"} <= info


def test_the_source_archive_holds_every_file(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert on_disk() <= names
    assert {"pyproject.toml", "README.md", "LICENSE"} <= names


def test_the_readme_is_the_description(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        text = archive.read(name).decode()
    readme = (ROOT / "README.md").read_text("utf-8").strip()
    assert readme
    assert readme.splitlines()[0] in text


def test_the_code_that_runs_is_the_wheels(python: Path, home: Path) -> None:
    for package in PACKAGES:
        program = f"import breakeven.{package} as p; print(list(p.__path__)[0])"
        found = Path(run([str(python), "-c", program], home).strip())
        assert found.resolve().is_relative_to(python.parent.parent.resolve())


def test_the_command_lists_and_evaluates_scenarios(python: Path, home: Path) -> None:
    listed = run([command_line(python), "presets", "--scenarios", "--names"], home)
    names = listed.split()
    assert set(names) == {p.stem for p in (ROOT / "presets/scenarios").glob("*.toml")}
    run([command_line(python), "evaluate", names[0], "--json"], home)


def test_every_table_and_scenario_loads(python: Path, home: Path) -> None:
    program = """
import csv, importlib.resources, sys
from breakeven.explorer import load_scenario
root = importlib.resources.files("breakeven.presets")
tables = [p for p in root.iterdir() if p.name.endswith(".csv")]
for table in tables:
    with table.open(encoding="utf-8", newline="") as text:
        assert sum(1 for _ in csv.DictReader(text)), table.name
for name in sys.argv[1:]:
    load_scenario(name).evaluate()
print(len(tables))
"""
    scenarios = [p.stem for p in (ROOT / "presets/scenarios").glob("*.toml")]
    assert scenarios
    tables = run([str(python), "-c", program, *scenarios], home)
    assert int(tables) == len(list((ROOT / "presets").glob("*.csv")))


def test_every_module_imports(python: Path, home: Path) -> None:
    modules = sorted(
        ".".join(["breakeven", *Path(name).with_suffix("").parts])
        for name in on_disk()
        if name.endswith(".py") and not name.startswith("apps/explorer")
    )
    program = (
        "import importlib, sys; [importlib.import_module(m) for m in sys.argv[1:]]"
    )
    run([str(python), "-c", program, *modules], home)


def test_the_page_is_built_without_a_failure(python: Path, home: Path) -> None:
    # A server answers 200 for a page that is only a traceback: the handler knows.
    program = """
import importlib.resources
from bokeh.application import Application
from panel.io.handlers import ScriptHandler
app = importlib.resources.files("breakeven.apps") / "explorer.py"
handler = ScriptHandler(filename=str(app))
Application(handler).create_document()
assert not handler.failed, handler.error_detail
"""
    run([str(python), "-c", program], home)


@pytest.mark.browser
def test_the_command_serves_the_page(python: Path, chromium: Browser) -> None:
    usage = run([command_line(python), "serve", "--help"])
    assert "--port" in usage
    assert "--show" in usage, "make app passes it where there is a screen"
    served = browser.breakeven_serve(python=str(python))
    with served as url, browser.clean_page(chromium) as page:
        page.goto(url)
        page.get_by_label("Electricity price").first.wait_for(state="attached")
