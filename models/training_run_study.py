"""Study: one training run under three methods, and why published numbers differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import param

from breakeven.models import training_cost, units
from breakeven.models.base import Array, Group, fraction, quantity
from breakeven.models.economics import MONTH
from breakeven.models.study import Context, Outcome, Output, Study

METHODS = ("amortised", "rental", "upfront")
RUNS = (
    "gpt_4",
    "llama_2_70b",
    "falcon_180b",
    "deepseek_v3",
    "bloom_176b",
    "palm_540b",
)
PUBLISHED = tuple(f"published_{method}" for method in METHODS)


def _published(method: str) -> Any:
    doc = f"Published cost of the run, {method}; shown beside ours, used by nothing"
    return quantity(None, "MUSD", doc, slider=(0.1, 1e3), log=True)


class TrainingRun(Group):
    """One training run, and how the value of its hardware falls."""

    run: Any = param.Selector(
        default="gpt_4", objects=list(RUNS), doc="Published run; brings its figures"
    )
    chips = quantity(
        None,
        "chip",
        "Chips of the cluster",
        bounds=(1, None),
        slider=(8, 1e6),
        log=True,
    )
    chip_time = quantity(
        None, "h", "Chip-hours that the run used", slider=(1e4, 1e9), log=True
    )
    rented_time = quantity(
        None,
        "h",
        "Chip-hours billed if rented: all chips, all the time",
        slider=(1e4, 1e9),
        log=True,
    )
    price = quantity(
        None,
        "USD",
        "Chip with its share of the server, when acquired",
        slider=(2_000, 100_000),
    )
    age = quantity(
        None, "day", "Age of the chips when the run starts", slider=(0, 2_000)
    )
    decay = quantity(
        None, "1/year", "Rate at which the value of chips falls", slider=(0.0, 1.0)
    )
    interconnect_share = quantity(
        None,
        "1",
        "Share of the network in the cost of the cluster",
        bounds=(0.0, 1.0),
        inclusive=(True, False),
        slider=(0.0, 0.5),
    )
    chip_power = quantity(None, "W", "Power limit of a chip", slider=(100, 2_000))
    server_factor = quantity(
        None,
        "1",
        "Power of the server over that of its chips",
        bounds=(1.0, None),
        slider=(1.0, 3.0),
    )
    load = fraction(None, "Mean share of rated power")
    pue = quantity(
        None,
        "1",
        "Facility energy over IT energy",
        bounds=(1.0, None),
        slider=(1.0, 2.0),
    )
    electricity_price = quantity(
        None, "USD/kWh", "Electricity price", slider=(0.02, 0.3)
    )
    rental_price = quantity(
        None, "USD/h", "Price of a rented chip-hour", slider=(0.3, 12)
    )
    price_growth = quantity(
        None,
        "1",
        "Price level of the money shown over that of the run",
        inclusive=(False, True),
        slider=(0.8, 1.5),
    )
    published_amortised = _published("amortised")
    published_rental = _published("rental")
    published_upfront = _published("upfront")

    def brought(self, name: str) -> tuple[str, ...]:
        """Published figures of one run are not those of another."""
        return PUBLISHED if name == "run" else ()


def costs_of(run: Mapping[str, Any]) -> dict[str, Array]:
    """Cost of a run by each of METHODS, in the money shown. [USD].

    Parameters
    ----------
    run
        Inputs of :class:`TrainingRun` in base units. [mixed]

    References
    ----------
    EQ-37, EQ-37b; B. Cottier et al., arXiv:2405.21015, 2024.
    """
    share = run["interconnect_share"]
    nominal = {
        "amortised": training_cost.amortised_training_cost(
            run["price"],
            run["decay"],
            run["age"],
            run["chip_time"],
            share,
            run["chip_power"] * run["server_factor"],
            run["load"],
            run["pue"],
            run["electricity_price"],
        ),
        "rental": training_cost.rental_training_cost(
            run["rented_time"], run["rental_price"]
        ),
        "upfront": training_cost.upfront_training_cost(
            run["price"], run["chips"], share
        ),
    }
    return {
        method: training_cost.in_money_of(cost, 1.0, run["price_growth"])
        for method, cost in nominal.items()
    }


def _known_runs(context: Context) -> dict[str, Array]:
    """Each published run by each method; what is not of the run is as set here."""
    bundles = context.scenario.bundles.of("training_run", "run")
    found: dict[str, list[Array]] = {name: [] for name in (*METHODS, *PUBLISHED)}
    for name in RUNS:
        run = dict(context.base["training_run"]) | dict.fromkeys(PUBLISHED)
        for last, (value, _) in bundles.get(name, {}).items():
            run[last] = value * units.factor(TrainingRun.unit(last))
        for method, cost in costs_of(run).items():
            found[method].append(context.spread(cost))
        for published in PUBLISHED:
            value = run[published]
            found[published].append(np.asarray(np.nan if value is None else value))
    return {name: np.stack(rows, axis=-1) for name, rows in found.items()}


def _own_run(context: Context, i: int) -> dict[str, Array]:
    """The scenario's own training on an option; nothing when it does not train."""
    names = ("own_time", *(f"own_{method}" for method in METHODS))
    if context.scenario.workload.kind != "training":
        return dict.fromkeys(names, np.asarray(np.nan))
    base, key = context.base, list(context.scenario.options)[i]
    chip, given = base[f"{key}.chip"], base["training_run"]
    known = {n: np.nan if chip[n] is None else chip[n] for n in chip}
    price = known["unit_cost"] if chip["price"] is None else known["price"]
    time = base["workload"]["training_tokens"] / context.works[i].rate
    cost, rise = context.costs[i], context.costs[i].rise
    run = dict(given) | {
        "chips": base["workload"]["job_chips"],
        "chip_time": time,
        "rented_time": time,
        "price": price + known["server_cost"] + known["network_cost"],
        "age": 0.0,
        "interconnect_share": 0.0,  # the network is in the price
        "chip_power": cost.facility_power if rise is None else rise.facility_power,
        "server_factor": 1.0,
        "load": 1.0,
        "pue": 1.0,  # the power is that of the facility at load
        "electricity_price": base["site"]["electricity_price"],
        "rental_price": known["rental_price"],
        "price_growth": 1.0,
    }
    found = {f"own_{method}": cost for method, cost in costs_of(run).items()}
    return found | {"own_time": time / base["workload"]["job_chips"] / MONTH}


def _outcome(context: Context) -> Outcome:
    """The run as set, every published run, and the scenario's own training."""
    given = context.base["training_run"]
    mine = costs_of(given)
    found: dict[str, Any] = {m: context.spread(mine[m]) for m in METHODS}
    for name in PUBLISHED:
        found[name] = context.spread(np.nan if given[name] is None else given[name])
    every = np.stack([found[m] for m in METHODS])
    found["spread"] = every.max(axis=0) / every.min(axis=0)
    found["chip_hour"] = found["amortised"] / given["chip_time"] * units.HOUR
    known = _known_runs(context)
    found |= {f"runs_{m}": known[m] for m in METHODS}
    found |= {f"runs_{name}": known[name] for name in PUBLISHED}
    rows = [_own_run(context, i) for i in range(len(context.costs))]
    for name in rows[0]:
        found[name] = np.stack([context.spread(row[name]) for row in rows])
    return found


OUTPUTS = {
    **{m: Output("USD", f"Cost of the run, {m}") for m in METHODS},
    **{n: Output("USD", f"Published cost, {n[10:]}") for n in PUBLISHED},
    "spread": Output("1", "Dearest method over cheapest"),
    "chip_hour": Output("USD/h", "Amortised cost of a chip-hour"),
    **{f"runs_{m}": Output("USD", f"Published runs, {m}", "runs") for m in METHODS},
    **{
        f"runs_{n}": Output(
            "USD", f"Published runs as published, {n[10:]}", "runs", shared=True
        )
        for n in PUBLISHED
    },
    **{
        f"own_{m}": Output("USD", f"The scenario's own training, {m}", by_option=True)
        for m in METHODS
    },
    "own_time": Output("month", "Time of the scenario's own training", by_option=True),
}

TRAINING_RUN = Study("training_run", "Training run", TrainingRun, _outcome, OUTPUTS)
