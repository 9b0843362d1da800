"""Every notebook runs from its first cell to its last."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from source import ROOT

APPS = ROOT / "apps"
NOTEBOOKS = sorted(APPS.glob("**/*.ipynb"))


def test_the_explorer_comes_as_a_notebook_too() -> None:
    assert APPS / "explorer.ipynb" in NOTEBOOKS


def run(path: Path, folder: Path) -> nbformat.NotebookNode:
    """Execute a notebook as its reader would, outside the repository."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    return client.execute()


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the reader's own Jupyter settings and start-up files out of it."""
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))


@pytest.mark.notebook
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, tmp_path: Path) -> None:
    executed = run(path, tmp_path)
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    assert code, "no code in it"
    assert all(cell.execution_count for cell in code if cell.source.strip())


@pytest.mark.notebook
def test_a_failing_notebook_fails(tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell("assert 1 + 1 == 3, 'caught'")]
    path = tmp_path / "wrong.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    with pytest.raises(Exception, match="caught"):
        run(path, tmp_path)
