"""What the repository holds beside code: no machine path, locks, declared packages."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from source import PACKAGES, ROOT, files

# Spelt so that this file does not find itself. A path counts only where it begins:
# the same word inside an address or a relative path is harmless.
FOLDERS = ("work", "tmp", "home", "root", "Users")
START = r"(?<![\w.~*:)\]}>/<-])/"
MACHINE_PATH = re.compile(rf"{START}(?:{'|'.join(FOLDERS)})(?:/[\w.]|\b(?![\w/-]))")
DRIVE = re.compile(r"\b[C-Z]:\\\\?[A-Z]")
HOSTS = (
    ("py" + "pi", "org"),
    ("python" + "hosted", "org"),
    ("registry", "npm" + "js"),
    ("deb", "debian", "org"),
    ("crates", "io"),
    ("proxy", "golang", "org"),
)
REGISTRIES = re.compile(
    "|".join(re.escape(".".join(host)) for host in HOSTS)
    + "|--(?:extra-index|index)-url|--(?:find)-links"
)
TEXT = set(".py .toml .md .txt .csv .js .css .json .ipynb .html .cfg .yml .sh".split())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def lines() -> list[tuple[str, str]]:
    """Place and text of every line of every text file."""
    found = []
    for path in files():
        if path.suffix in TEXT or path.name in ("Makefile", "run", ".gitignore"):
            for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
                found.append((f"{path.relative_to(ROOT)}:{number}", text))
    return found


@pytest.mark.parametrize("pattern", [MACHINE_PATH, DRIVE, REGISTRIES])
def test_no_machine_is_named(pattern: re.Pattern[str]) -> None:
    found = [(where, pattern.search(text)) for where, text in lines()]
    bad = [f"{where} {match[0]}" for where, match in found if match]
    assert not bad, "\n".join(bad[:50])


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_machine_path_is_caught(folder: str) -> None:
    assert MACHINE_PATH.search(f"open('/{folder}/data.csv')")
    assert MACHINE_PATH.search(f"kept in /{folder}")
    assert not MACHINE_PATH.search(f"https://example.com/{folder}/page")
    assert not MACHINE_PATH.search(f"and/{folder} or tests/{folder}/x")


def locked(name: str) -> dict[str, str]:
    """Version by distribution in one lock file, every line checked for its form."""
    versions: dict[str, str] = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        if line.startswith("#") or line == "-r requirements.txt":
            continue
        requirement = Requirement(line)
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", line
        assert requirement.url is None, line
        assert canonicalize_name(requirement.name) not in versions, f"twice: {line}"
        versions[canonicalize_name(requirement.name)] = specifier.version
    return versions


EXTRAS = PROJECT["project"]["optional-dependencies"]


def test_the_locks_satisfy_what_is_declared() -> None:
    run, test = locked("requirements.txt"), locked("requirements-test.txt")
    assert not run.keys() & test.keys()
    for lock, wanted in (
        (run, PROJECT["project"]["dependencies"]),
        *((run | test, extra) for extra in EXTRAS.values()),
        (test, PROJECT["build-system"]["requires"]),
    ):
        for text in wanted:
            requirement = Requirement(text)
            name = canonicalize_name(requirement.name)
            if name == PROJECT["project"]["name"]:
                assert requirement.extras <= EXTRAS.keys()
                continue
            allowed = requirement.specifier
            assert name in lock, f"{text} is not locked"
            assert lock[name] in allowed, f"{text}, but {lock[name]} is locked"


def test_every_folder_with_code_is_a_declared_package() -> None:
    folders = {
        path.parent.relative_to(ROOT).as_posix()
        for path in files(".py")
        if path.relative_to(ROOT).parts[0] in PACKAGES
    }
    mapped = PROJECT["tool"]["setuptools"]["package-dir"]
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == set(mapped)
    assert folders <= set(mapped.values()), "its code would be missing from the wheel"
    for package, folder in mapped.items():
        assert package == "breakeven." + folder.replace("/", ".")


def test_every_package_says_that_it_is_one() -> None:
    # Without the file an editable install takes the folder for a namespace, and goes on
    # doing so when the file comes: what is in it is then never run.
    for folder in PROJECT["tool"]["setuptools"]["package-dir"].values():
        if list((ROOT / folder).glob("*.py")):
            assert (ROOT / folder / "__init__.py").exists(), folder


def test_the_type_checker_sees_the_folders() -> None:
    for package in PACKAGES:
        link = ROOT / ".typing" / "breakeven" / package
        assert link.resolve() == ROOT / package
        assert (ROOT / package / "py.typed").exists()


def test_a_scenario_is_loaded_without_the_screen(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from breakeven.explorer import load_scenario\n"
        "load_scenario(sys.argv[1]).evaluate()\n"
        "known = set(sys.modules)\n"
        "heavy = {'panel', 'holoviews', 'bokeh', 'pandas', 'scipy.stats'} & known\n"
        "sys.exit(f'brought in {sorted(heavy)}' if heavy else 0)\n"
    )
    scenario = next(path for path in files(".toml") if path.parent.name == "scenarios")
    done = subprocess.run(
        [sys.executable, "-c", program, scenario.stem],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
