"""`breakeven sweep`: a grid or a sample of inputs, streamed to a file of any size."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

from breakeven.apps.commands import arguments

FEW = 32_768  # rows that are done before other processes would have started


def add_parser(commands: Any) -> argparse.ArgumentParser:
    """Declare the command."""
    parser = commands.add_parser(
        "sweep",
        help="evaluate a grid or a sample of inputs",
        description="Every combination of the axes is a row, the last axis fastest; "
        "with --sample each has N draws of the inputs that have a range. A run that is "
        "stopped goes on where it was when the same command is given again.",
    )
    arguments.add_scenario(parser)
    parser.add_argument(
        "--over",
        action="append",
        default=[],
        metavar="AXIS",
        help="NAME=LO:HI:N[:log], N values evenly or in equal ratios; or NAME=A,B,... "
        "of numbers, choices or presets: asic.chip=trainium2,tpu_v6e, workload=..., "
        "llm=..., site=..., gpu.acquisition=buy,rent; repeat for more",
    )
    parser.add_argument(
        "--sample",
        type=int,
        default=0,
        metavar="N",
        help="draws of every input with a range that is on no axis (Sobol' points)",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="of the draws, 1 by default"
    )
    _add_output(parser)
    return parser


def _add_output(parser: argparse.ArgumentParser) -> None:
    """Declare where the rows go and what computes them."""
    parser.add_argument(
        "--columns",
        default="",
        metavar="NAME,...",
        help="results of each option to write, such as cost_per_token, or an output of "
        "a study, such as worth.npv",
    )
    parser.add_argument(
        "--studies",
        default="",
        metavar="NAME,...",
        help="studies whose outputs of one value a row are written as well, and whose "
        "inputs are drawn: worth, returns, floor, breakeven, fleet, ...",
    )
    parser.add_argument(
        "-o", "--output", required=True, type=Path, metavar="FILE.csv|.parquet"
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=0,
        metavar="N",
        help="processes on this machine; by default one for each processor, and one "
        "for a few rows",
    )
    parser.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="Dask scheduler that computes the rows, such as tcp://host:8786",
    )
    parser.add_argument(
        "--restart",
        action="store_true",
        help="throw away what an earlier, other sweep to this file left",
    )


def run(args: argparse.Namespace) -> int:
    """Write the rows; a sweep that fails leaves no file, only the parts it has."""
    from tqdm import tqdm

    from breakeven.explorer import runners
    from breakeven.explorer.sweep import left, planned, sweep

    if args.workers < 0:
        raise ValueError(f"--workers {args.workers} must be at least 1")
    columns, studies = (
        [name.strip() for name in text.split(",") if name.strip()]
        for text in (args.columns, args.studies)
    )
    scenario = arguments.scenario(args)
    plan = planned(scenario, args.over, args.sample, args.seed, columns, studies)
    runner = (
        runners.dask(args.scheduler)
        if args.scheduler
        else runners.processes(args.workers or _processors(plan.total))
    )
    began = time.perf_counter()
    with tqdm(
        total=plan.total, unit=" rows", unit_scale=True, disable=None, delay=1
    ) as bar:

        def progress(done: int, total: int) -> None:
            if not bar.n and done < total:
                bar.initial = done  # what was there before says nothing of the rate
            bar.update(done - bar.n)

        try:
            sweep(plan, args.output, runner, progress, restart=args.restart)
        except KeyboardInterrupt:
            kept = left(args.output).name
            raise InterruptedError(
                4, f"stopped; the same command goes on from {kept}", str(args.output)
            ) from None
    spent = time.perf_counter() - began
    print(f"{args.output}: {plan.total:,} rows in {spent:.1f} s")
    return 0


def _processors(rows: int) -> int:
    """Processors that this process may use; one for few rows."""
    if rows <= FEW:
        return 1
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # no such call outside Linux
        return os.cpu_count() or 1
