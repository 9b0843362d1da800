"""Files that a reader brings: a model's ``config.json``, measurements, a calibration.

Each is read whole or refused in one line that names what is not understood.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import numpy as np

from breakeven.explorer import fitting, limits
from breakeven.explorer.cases import Refused
from breakeven.explorer.fitting import Measured
from breakeven.models import llm
from breakeven.models.llm import Architecture
from breakeven.models.llm_config import architecture
from breakeven.presets import calibrated
from breakeven.presets.calibrated import EffectRow

LIMIT = limits.UPLOAD  # bytes
LONGEST = 100  # bytes of a file's name; systems take 255


def language_model(data: bytes, file: str) -> tuple[str, Architecture]:
    """Name and shape of the model that a Hugging Face ``config.json`` describes.

    Raises
    ------
    ValueError
        When the file is no JSON object, or a field of it is not understood.
    """
    try:
        config = json.loads(_text(data, file))
    except (ValueError, RecursionError) as error:  # numbers too long are no JSON error
        raise ValueError(f"{file}: not JSON: {error}") from None
    if not isinstance(config, dict):
        raise ValueError(f"{file}: a JSON object is due")  # noqa: TRY004
    try:
        shape = Architecture(**architecture(config))
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None
    name = PurePosixPath(str(config.get("_name_or_path") or "")).name
    stem = Path(file).stem
    if not name and stem.lower() != "config":
        name = stem
    try:
        with np.errstate(all="raise"):
            size = float(llm.arithmetic(shape.base()).parameters) / 1e9
    except FloatingPointError:
        raise ValueError(f"{file}: a model of this shape has no size") from None
    return name or f"{config['model_type']}, {size:.3g} B parameters", shape


def measurements(
    data: bytes, file: str, columns: Mapping[str, str] | None = None
) -> tuple[list[Measured], list[Refused]]:
    """Rows of a CSV file with a column ``measured``, and rows that cannot be used.

    ``columns`` gives the file's names for ours.

    Raises
    ------
    KeyError, ValueError
        When a column is missing, a mapped name is not ours, or there are too many rows.
    """
    lines = len(_text(data, file).splitlines())
    limits.within(lines - 1, limits.MEASURED, f"{file}: rows")
    with TemporaryDirectory() as folder:
        path = _put(Path(folder), data, file)
        return fitting.measured_rows(path, columns)


def is_calibration(data: bytes) -> bool:
    """Whether a file is what `breakeven calibrate` writes, judged by its first line."""
    return data.lstrip(b"\xef\xbb\xbf").startswith(b"kind,quantity,grouping,label,")


def calibration(data: bytes, file: str) -> dict[str, Sequence[EffectRow]]:
    """Effects by kind of work; a kind that the file lacks keeps the published ones.

    Raises
    ------
    ValueError
        When a row is not what `breakeven calibrate` writes; its line is named.
    """
    _text(data, file)
    with TemporaryDirectory() as folder:
        path = _put(Path(folder), data, file)
        every = calibrated.read_effects(path)
    return {
        kind: [row for row in every if row.kind == kind] or calibrated.effects(kind)
        for kind in calibrated.KINDS
    }


def column_names(text: str) -> dict[str, str]:
    """Mapping of columns written as ``isl = Input length, osl = Output length``.

    Raises
    ------
    ValueError
        When a part does not read OURS = THEIRS.
    """
    found = {}
    for part in filter(str.strip, text.split(",")):
        ours, sign, theirs = part.partition("=")
        if not sign:
            raise ValueError(f"column {part.strip()!r} must read OURS = THEIRS")
        found[ours.strip()] = theirs.strip()
    return found


def _put(folder: Path, data: bytes, file: str) -> Path:
    """Path of the data in a folder, under a name that errors show and systems take."""
    name = "".join(c for c in Path(file).name if c.isprintable() and c not in "/\\:")
    name = name.encode()[-LONGEST:].decode(errors="ignore").lstrip(".")
    path = folder / (name or "file")
    path.write_bytes(data)
    return path


def _text(data: bytes, file: str) -> str:
    if len(data) > LIMIT:
        raise ValueError(f"{file}: {len(data):,} bytes; at most {LIMIT:,} are read")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{file}: not UTF-8 text") from None
