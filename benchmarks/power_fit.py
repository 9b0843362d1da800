"""Fit of chip power on load, from the measured rows that carry GPU power.

Run as ``python benchmarks/power_fit.py``; prints the values of presets/power_load.csv,
their 80 % intervals, and the error with each model left out.
"""

from __future__ import annotations

import csv

import numpy as np
from scipy.optimize import least_squares

from breakeven.explorer import fitting
from breakeven.explorer.cases import case_chips
from breakeven.models import llm, serving
from breakeven.models.base import Array
from breakeven.models.case_rates import layout_kind
from breakeven.models.parallel import ServingLayout
from breakeven.models.power_load import load_power_share
from breakeven.models.serving import Formats
from breakeven.presets import calibrated, tables

IDLE = 0.15  # share of TDP; see options.csv
SCOPES = ("sum of", "GPU")
NAMES = ("base_rise", "memory_rise", "compute_rise", "ceiling")


def loads() -> tuple[Array, list[str], list[str]]:
    """Memory load, compute load and power share of the rows; models; chips."""
    good, _ = fitting.measured_rows(calibrated.MEASURED)
    rates = {row.known.case.name: row for row in good}
    found, models, chips = [], [], []
    with calibrated.MEASURED.open(newline="", encoding="utf-8") as stream:
        for cells in csv.DictReader(stream):
            row = rates[cells["id"]]
            case = row.known.case
            steady = "steady state" in cells["power_scope"] and case.phase == "decode"
            if not (steady and cells["power_scope"].startswith(SCOPES)):
                continue
            tdp = tables.preset("chips", case_chips()[case.chip])["tdp"].central or 0.0
            share = float(cells["power"]) / case.chips / tdp
            found.append((*_load(row), share))
            models.append(case.model)
            chips.append(case.chip)
    return np.array(found), models, chips


def _load(row: fitting.Measured) -> tuple[float, float]:
    known = row.known
    model = llm.arithmetic(known.shape)
    chips, apart = layout_kind(known)
    layout = ServingLayout(np.float64(chips), np.float64(apart))
    formats = Formats(np.float64(known.weight_bytes), np.float64(known.kv_bytes))
    context = known.input_length + known.output_length / 2.0
    batch = known.case.concurrency
    common = model.attention_weights + model.dense_weights + model.head_weights
    read = common + model.expert_weights * llm.coverage(model, batch)
    cache = batch * serving.kv_per_sequence(model, layout, formats, context)
    steps = row.rate * chips / batch
    moved = (read * known.weight_bytes + cache) * steps / chips
    work = row.rate * llm.token_flops(model, np.float64(context))
    machine = known.machine
    return float(moved / machine.hbm_bandwidth), float(work / machine.peak_flops)


def fit(data: Array) -> tuple[Array, Array]:
    """Parameters and their covariance."""

    def residuals(x: Array) -> Array:
        said = load_power_share(data[:, 0], data[:, 1], IDLE, *x)
        return np.append((said - data[:, 2]) / 0.07, (x[3] - 1.0) / 0.05)

    solved = least_squares(
        residuals, (0.5, 1.0, 3.0, 1.0), loss="soft_l1", bounds=(0.0, np.inf)
    )
    return solved.x, np.linalg.inv(solved.jac.T @ solved.jac)


def main() -> None:
    """Print the fit of all rows, of each chip, and the errors left out."""
    data, models, chips = loads()
    for chip in ("all", *sorted(set(chips))):
        mine = np.array([chip in ("all", c) for c in chips])
        x, covariance = fit(data[mine])
        width = 1.28 * np.sqrt(np.diag(covariance))
        values = (
            f"{n} {v:.3f} ± {w:.3f}" for n, v, w in zip(NAMES, x, width, strict=True)
        )
        said = load_power_share(data[mine, 0], data[mine, 1], IDLE, *x)
        error = np.abs(said / data[mine, 2] - 1)
        print(chip, mine.sum(), "; ".join(values), f"median {np.median(error):.1%}")
    errors = []
    for model in sorted(set(models)):
        test = np.array([m == model for m in models])
        x, _ = fit(data[~test])
        said = load_power_share(data[test, 0], data[test, 1], IDLE, *x)
        errors += list(said / data[test, 2] - 1)
    gaps = np.abs(errors)
    wide = np.quantile(gaps, 0.82)
    print(f"left out by model: median {np.median(gaps):.1%} p82 {wide:.1%}")
    said = data[:, 2] * 0 + np.median(data[:, 2])
    print(f"constant share: median {np.median(np.abs(said / data[:, 2] - 1)):.1%}")
    old = np.clip(0.60 + 0.30 * data[:, 0] + 1.10 * data[:, 1], IDLE, 1.0)
    print(f"linear form: median {np.median(np.abs(old / data[:, 2] - 1)):.1%}")


if __name__ == "__main__":
    main()
