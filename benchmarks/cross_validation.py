"""Errors on rows left out, whole groups at a time, beside two baselines.

Run as ``python benchmarks/cross_validation.py``; ``--write`` stores the table in
docs/accuracy.md. Groups left out: clusters (source × model × chip), chips, models,
sources. Baselines: one constant per phase and chip on the ideal rate, and a ridge
regression of the log efficiency on chip, precision, mixture, size, chips and software.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from breakeven.explorer import fitting
from breakeven.explorer.fitting import Measured
from breakeven.models import llm
from breakeven.models.base import Array
from breakeven.models.case_rates import is_mixture
from breakeven.presets import calibrated

TARGET = Path(__file__).parents[1] / "docs" / "accuracy.md"
MARK = "<!-- table: benchmarks/cross_validation.py -->"
RIDGE = 1.0  # strength of the ridge baseline, in rows
ROUNDS = 5  # weightings of each fit; it starts from the priors, so nothing leaks

Key = Callable[[Measured], object]


def source(row: Measured) -> str:
    """Collection a row comes from: the letters of its name."""
    return row.known.case.name.rpartition("-")[0]


GROUPS: dict[str, Key] = {
    "cluster": lambda r: (source(r), r.known.case.model, r.known.case.chip),
    "chip": lambda r: r.known.case.chip,
    "model": lambda r: r.known.case.model,
    "source": source,
}


def ideal(kind: str, rows: Sequence[Measured]) -> Array:
    """Log rate with every efficiency 1 and every overhead 0. [1]."""
    cases = fitting.gathered(kind, [row.known for row in rows])
    nothing = {"overhead", "latency", "traffic"}
    values = {}
    for prior in fitting.priors(kind):
        last = prior.quantity.rpartition("_")[2]
        values[prior.quantity] = 1e-12 if last in nothing else 1.0
    values |= {"max_batch": 1e5, "exposed_communication": 1e-9}
    full = {n: np.full(len(rows), v) for n, v in values.items() if n}
    return cases.rates(full)


def constant(
    rows: Sequence[Measured], efficiency: Array, train: Array, test: Array
) -> Array:
    """First baseline: median log efficiency of the phase and chip, else the phase."""
    phase = np.array([row.known.case.phase for row in rows])
    chip = np.array([row.known.case.chip for row in rows])
    result = np.zeros(int(test.sum()))
    for j, i in enumerate(np.flatnonzero(test)):
        mine = train & (phase == phase[i])
        both = mine & (chip == chip[i])
        pick = both if both.any() else mine if mine.any() else train
        result[j] = np.median(efficiency[pick])
    return result


def features(rows: Sequence[Measured]) -> Array:
    """Features of the ridge baseline: indicators and three logarithms."""
    columns = []
    for name in ("chip", "precision", "phase"):
        words = [getattr(row.known.case, name) for row in rows]
        columns += [[w == v for w in words] for v in sorted(set(words))]
    software = [row.known.software for row in rows]
    columns += [[w == v for w in software] for v in sorted(set(software))]
    columns.append([is_mixture(row.known) for row in rows])
    size = [float(llm.arithmetic(row.known.shape).active_weights) for row in rows]
    columns.append(list(np.log(np.array(size) / 3e10)))
    chips = [row.known.case.chips for row in rows]
    columns.append(list(np.log(np.nan_to_num(np.array(chips), nan=8.0) / 8.0)))
    return np.array(columns, float).T


def ridge(matrix: Array, efficiency: Array, train: Array, test: Array) -> Array:
    """Second baseline: ridge regression on the rows kept. [1]."""
    centre = efficiency[train].mean()
    a = matrix[train]
    left = a.T @ a + RIDGE * np.eye(a.shape[1])
    weights = np.linalg.solve(left, a.T @ (efficiency[train] - centre))
    return matrix[test] @ weights + centre


def validated(kind: str, rows: Sequence[Measured]) -> dict[str, dict[str, Array]]:
    """Log errors of model and baselines for each way of leaving out."""
    made, usable = fitting.problem(kind, rows)
    best = made.fit(usable)
    logs = made.logs
    efficiency, matrix = logs - ideal(kind, rows), features(rows)
    result: dict[str, dict[str, Array]] = {}
    result["nothing"] = {"model": made.predicted(best) - logs}
    for name, key in GROUPS.items():
        keys = [key(row) for row in rows]
        fold = fitting.folds(keys, len({str(k) for k in keys}))
        numbers = np.unique(fold)
        found = {n: np.full(len(rows), np.nan) for n in ("model", "constant", "ridge")}
        for done, number in enumerate(numbers):
            test = fold == number
            kept = usable & ~test
            fitted = made.fit(kept, rounds=ROUNDS)
            found["model"][test] = (made.predicted(fitted) - logs)[test]
            one = constant(rows, efficiency, kept, test)
            found["constant"][test] = one - efficiency[test]
            found["ridge"][test] = (
                ridge(matrix, efficiency, kept, test) - efficiency[test]
            )
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{kind} {name} {done + 1}/{numbers.size}  ")
        result[name] = found
    return result


def lines(rows: Sequence[Measured], errors: dict[str, dict[str, Array]]) -> list[str]:
    """Rows of the table, one per way of leaving out and phase."""
    phase = np.array([row.known.case.phase for row in rows])
    result = []
    for out, found in errors.items():
        for name in sorted(set(phase.tolist())):
            mine = phase == name
            error = np.abs(np.expm1(found["model"][mine]))
            error = error[np.isfinite(error)]
            cells = [out, name, str(mine.sum()), f"{np.median(error):.1%}"]
            cells += [f"{np.quantile(error, 0.9):.0%}", f"{np.mean(error < 0.25):.0%}"]
            for other in ("constant", "ridge"):
                if other in found:
                    rival = np.abs(np.expm1(found[other][mine]))
                    cells.append(f"{np.nanmedian(rival):.1%}")
                else:
                    cells.append("")
            result.append("| " + " | ".join(cells) + " |")
    return result


def noise(rows: Sequence[Measured]) -> str:
    """Scatter of near-twin rows from different sources: the floor of any model."""
    gaps = []
    for first, second in itertools.combinations(rows, 2):
        a, b = first.known, second.known
        same = (a.case.chip, a.case.model, a.case.phase, a.arithmetic)
        if same != (b.case.chip, b.case.model, b.case.phase, b.arithmetic):
            continue
        lengths = np.log(
            [a.input_length / b.input_length, a.output_length / b.output_length]
        )
        pair = np.array([a.case.concurrency, b.case.concurrency])
        alike = np.isnan(pair).all() or abs(np.log(pair[0] / pair[1])) < 0.4
        if first.source != second.source and alike and np.all(np.abs(lengths) < 0.2):
            gaps.append(abs(np.log(first.rate / second.rate)))
    typical = np.median(gaps) / np.sqrt(2.0)
    return (
        f"Near-twin rows from different documents ({len(gaps)} pairs: same chip, "
        f"model, phase and format, lengths and batch within 20 % and 50 %) differ by "
        f"{np.median(gaps):.1%} (median); one row scatters by about {typical:.1%}."
    )


def report() -> str:
    """The whole table as Markdown."""
    every, _ = fitting.measured_rows(calibrated.MEASURED)
    head = "| left out | phase | rows | median | p90 | < 25 % | constant | ridge |"
    text = [head, "|---|---|---|---|---|---|---|---|"]
    for kind in calibrated.KINDS:
        rows = [
            row
            for row in every
            if fitting.kind_of(row.known) == kind and row.known.case.phase != "frontier"
        ]
        text += lines(rows, validated(kind, rows))
    return "\n".join([*text, "", noise(every)])


def main() -> None:
    """Print the table; store it when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help="store in docs/accuracy.md"
    )
    args = parser.parse_args()
    table = report()
    print(table)
    if args.write:
        before, mark, rest = TARGET.read_text(encoding="utf-8").partition(MARK)
        after = rest.partition(MARK)[2]
        TARGET.write_text(before + mark + "\n" + table + "\n" + MARK + after, "utf-8")


if __name__ == "__main__":
    main()
