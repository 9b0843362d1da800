"""`breakeven presets add-llm config.json`: a model as rows of the preset table."""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from breakeven.explorer.cases import preset_name
from breakeven.models import llm
from breakeven.models.llm_config import architecture
from breakeven.presets.gate import COLUMNS


def run(path: Path) -> int:
    """Print the rows; what they add up to goes to standard error.

    Raises
    ------
    ValueError
        When the file is no JSON object, or a field of it is not understood.
    """
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: not JSON: {error}") from None
    if not isinstance(config, dict):
        raise ValueError(f"{path}: a JSON object is due")  # noqa: TRY004
    shell = llm.Architecture(**architecture(config))
    name = preset_name(str(config.get("_name_or_path") or path.parent.name or "model"))
    name = name.rpartition("__")[2] or "model"
    date = datetime.now(UTC).date().isoformat()
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for quantity in shell.quantities():
        value = getattr(shell, quantity)
        note = "" if value else "the model has no such feature"
        origin = ("vendor", "own-estimate", date, note)
        unit = shell.unit(quantity)
        writer.writerow((name, quantity, f"{value:g}", "", "", unit, *origin))
    found = llm.arithmetic(shell.base())
    print(
        f"{name}: {float(found.parameters) / 1e9:.4g} G parameters, "
        f"{float(found.active_weights) / 1e9:.4g} G active, "
        f"{float(found.kv_elements):,.0f} cached elements a token",
        file=sys.stderr,
    )
    return 0
