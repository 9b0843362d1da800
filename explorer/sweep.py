"""A sweep of any size: parts computed anywhere, kept one by one, then one file.

Each part is written beside the target the moment it is known, under a name of its own,
and only then counts. A run that was killed is taken up where it stopped: the parts that
are there are not computed again. The target appears when all are.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from breakeven.explorer import encoding, rows
from breakeven.explorer.files import replacing
from breakeven.explorer.plan import Plan, planned
from breakeven.explorer.runners import Runner, serial

__all__ = ["PART", "Progress", "planned", "sweep"]

PART = 65_536  # rows of a part at most
_LEAST = 8192  # rows at least: fewer would take longer to send than to compute
_PARTS = 64  # of a sweep, so that all who compute end at about the same time
Progress = Callable[[int, int], None]


def sweep(
    plan: Plan,
    path: Path,
    run: Runner = serial,
    progress: Progress = lambda done, total: None,
    *,
    restart: bool = False,
    part: int = 0,
) -> int:
    """Write the rows of a plan to a file; their number.

    Parameters
    ----------
    plan
        From :func:`planned`.
    path
        File to write: .csv or .parquet.
    run
        How parts are computed: here, by processes, or by Dask.
    progress
        Called with the rows done and in all.
    restart
        Whether parts of another sweep to the same file may be thrown away.
    part
        Rows of one part; by the rows of the sweep where it is 0, whoever computes
        them, so that a sweep can be taken up by other workers.

    Raises
    ------
    ValueError
        When the parts beside the target are of another sweep.
    OSError
        When something cannot be written; the parts done stay for the next run.
    """
    suffix = encoding.checked_suffix(path)
    part = part or part_rows(plan.total)
    folder = _folder(path, plan, part, restart)
    count = rows.parts(plan, part)
    files = [folder / f"{i:08d}{suffix}" for i in range(count)]
    missing = [i for i in range(count) if not files[i].exists()]
    done = plan.total - sum(_size(plan, part, i) for i in missing)
    progress(done, plan.total)
    try:
        for index, data in run(plan, part, suffix, missing):
            _keep(files[index], data)
            done += _size(plan, part, index)
            progress(done, plan.total)
        with replacing(path) as draft:
            encoding.join(plan.header, files, draft, suffix)
    except OSError as error:
        raise _kept(error, path, done, plan.total) from error
    shutil.rmtree(folder, ignore_errors=True)
    return plan.total


def part_rows(total: int) -> int:
    """Rows of a part of a sweep of so many rows."""
    return min(PART, max(_LEAST, -(-total // _PARTS)))


def left(path: Path) -> Path:
    """Folder that keeps the parts of a sweep until its file is whole."""
    return path.with_name(f"{path.name}.parts")


def _size(plan: Plan, part: int, index: int) -> int:
    return min(part, plan.total - index * part)


def _folder(path: Path, plan: Plan, part: int, restart: bool) -> Path:
    """Folder of the parts of this very sweep, made or found."""
    if path.is_dir():
        raise IsADirectoryError(21, "is a folder", str(path))
    if not path.parent.is_dir():
        raise FileNotFoundError(2, "no such folder", str(path.parent))
    if not os.access(path.parent, os.W_OK) or (
        path.exists() and not os.access(path, os.W_OK)
    ):
        raise PermissionError(13, "cannot be written", str(path))
    folder, told = left(path), {"sweep": plan.fingerprint(), "part": part}
    record = folder / "sweep.json"
    if folder.exists() and _read(record) != told:
        if not restart:
            raise ValueError(
                f"{folder.name} holds parts of another sweep: --restart throws them "
                "away, or choose another file"
            )
        shutil.rmtree(folder)
    folder.mkdir(exist_ok=True)
    if not record.exists():
        _keep(record, json.dumps(told).encode())
    return folder


def _read(record: Path) -> object:
    try:
        return json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _keep(file: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, even if the power fails."""
    draft = file.with_suffix(".draft")
    try:
        with draft.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def _kept(error: OSError, path: Path, done: int, total: int) -> OSError:
    """The same error, saying what is kept for the next run."""
    said = (
        f"{error.strerror or error}: {done:,} of {total:,} rows are kept in "
        f"{left(path).name}; the same command goes on from there"
    )
    return OSError(error.errno or 5, said, str(path))
