"""`breakeven presets add-llm config.json`: a model as rows of the preset table."""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from breakeven.explorer.cases import preset_name
from breakeven.explorer.files import replacing
from breakeven.models import llm
from breakeven.models.llm_config import architecture
from breakeven.presets import tables
from breakeven.presets.gate import COLUMNS


def run(path: Path) -> int:
    """Add the model to the user's presets, or print its rows where there is no folder.

    Raises
    ------
    ValueError
        When the file is no JSON object, a field of it is not understood, or the name
        of the model is taken.
    """
    name, shell = read(path)
    folder = tables.own_folder()
    if folder is None:
        write(sys.stdout, name, shell, header=True)
    else:
        add(folder / "llms.csv", name, shell)
    found = llm.arithmetic(shell.base())
    where = f"added to {folder / 'llms.csv'}: " if folder else ""
    print(
        f"{where}{name}: {float(found.parameters) / 1e9:.4g} G parameters, "
        f"{float(found.active_weights) / 1e9:.4g} G active, "
        f"{float(found.kv_elements):,.0f} cached elements a token",
        file=sys.stderr,
    )
    return 0


def read(path: Path) -> tuple[str, llm.Architecture]:
    """Name and shape of the model of a configuration file."""
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path}: not JSON: {error}") from None
    if not isinstance(config, dict):
        raise ValueError(f"{path}: a JSON object is due")  # noqa: TRY004
    shell = llm.Architecture(**architecture(config))
    name = preset_name(str(config.get("_name_or_path") or path.parent.name or "model"))
    return name.rpartition("__")[2] or "model", shell


def add(path: Path, name: str, shell: llm.Architecture) -> None:
    """Append a model to a table, which appears only when it is complete."""
    if name in tables.names("llms"):
        raise ValueError(f"{name} is a preset already: another name is due")
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    with replacing(path) as draft, draft.open("w", encoding="utf-8") as stream:
        stream.write(before)
        write(stream, name, shell, header=not before)


def write(stream: TextIO, name: str, shell: llm.Architecture, *, header: bool) -> None:
    """Rows of a model in the columns of every preset table."""
    date = datetime.now(UTC).date().isoformat()
    writer = csv.writer(stream, lineterminator="\n")
    if header:
        writer.writerow(COLUMNS)
    for quantity in shell.quantities():
        value = getattr(shell, quantity)
        if value is None:  # a configuration has no prices
            continue
        note = "" if value else "the model has no such feature"
        origin = ("vendor", "own-config", date, note)
        unit = shell.unit(quantity)
        writer.writerow((name, quantity, f"{value:g}", "", "", unit, *origin))
