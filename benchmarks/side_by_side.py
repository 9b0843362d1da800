"""The same work as other tools do, timed in one run: engine, TCO, cash flow, draws.

python benchmarks/side_by_side.py [--json FILE]

The ids are those of docs/benchmarks.md. A tool that is not installed is skipped with a
message; no tool is needed. All times are the best of a few runs of one process.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from money import answers, fleet_years, sample
from throughput import best, decode_sweep, stack

from breakeven.explorer import load_scenario
from breakeven.explorer.cases import chip_machine, shapes
from breakeven.models import bands, llm, serving, throughput
from breakeven.models.base import Array
from breakeven.models.parallel import ServingLayout, TrainingLayout
from breakeven.models.serving import Formats

DRAWS, CHUNK, CORES, CHIPS = 1_000_000, 8192, 2, 64
COLD = """
import time
start = time.perf_counter()
import sys
sys.path.insert(0, sys.argv[1])
import throughput
throughput.decode_sweep()()
assert "panel" not in sys.modules
print(time.perf_counter() - start)
"""
Times = dict[str, float]


def priced_draws() -> Callable[[], Array]:
    """MC: USD per million tokens at drawn batch, layout and price; P10, P50, P90."""
    machine = chip_machine("h100_sxm", "bf16")[0]
    model, serve = llm.arithmetic(shapes("llama3_70b")), stack("h100_sxm_serve")
    formats = Formats(np.float64(2.0), np.float64(2.0))
    generator = np.random.default_rng(1)
    batch = generator.integers(1, 257, DRAWS).astype(float)
    chips = generator.choice((2.0, 4.0, 8.0), DRAWS)
    price = generator.uniform(1.5, 4.0, DRAWS) / 3600.0
    cost = np.empty(DRAWS)

    def piece(start: int) -> None:
        cut = slice(start, start + CHUNK)
        layout = ServingLayout(chips[cut], np.float64(0.0))
        terms = serving.step_terms(
            model, machine, serve, layout, formats, np.float64(4096.0)
        )
        rate = batch[cut] / terms.total(batch[cut])
        cost[cut] = chips[cut] * price[cut] / rate * 1e6

    def work() -> Array:
        with ThreadPoolExecutor(CORES) as threads:
            list(threads.map(piece, range(0, DRAWS, CHUNK)))
        return bands.quantiles(cost)

    return work


def training_layouts() -> Callable[[], Any]:
    """T1: 264 layouts of GPT-3 175B on 64 A100s, the best of them chosen."""
    train = stack("a100_80gb_sxm_train")
    sizes = 2.0 ** np.arange(7)
    pairs = [(t, p) for t in sizes[:4] for p in sizes if t * p <= CHIPS]
    grid = [(*pair, m, r) for pair in pairs for m in sizes[:4] for r in (0.0, 0.5, 1.0)]
    tensor, pipeline, micro, again = np.array(grid).T
    one = np.ones(tensor.size)
    layouts = TrainingLayout(tensor, pipeline, one, one, micro, one, 0.0 * one, again)
    a100, shape = chip_machine("a100_80gb_sxm", "bf16")[0], shapes("gpt3_175b")
    return lambda: throughput.training(
        shape, a100, train, sequence_length=2048.0, global_batch=64.0,
        count=float(CHIPS), layouts=layouts,
    )  # fmt: skip


def cold() -> float:
    """COLD: a fresh process up to its first decode sweep. [ms]."""
    words = [sys.executable, "-c", COLD, str(Path(__file__).parent)]
    runs = (
        subprocess.run(words, capture_output=True, text=True, check=True)
        for _ in range(3)
    )
    return 1e3 * min(float(run.stdout) for run in runs)


def scenarios(drawn: str) -> float:
    """Full-chain scenarios of two options a second, workload to USD per Mtoken. [1/s].

    ``money`` leaves throughput as it is, ``one`` draws the machine of one option,
    ``all`` the workload too, so that both options are solved for every scenario.
    """
    count, generator = 131_072, np.random.default_rng(2)
    given = {
        "gpu.price": generator.uniform(22e3, 30e3, count),
        "gpu.utilisation": generator.uniform(0.3, 0.9, count),
        "site.electricity_price": generator.uniform(0.04, 0.12, count),
        "asic.chip.nre": generator.uniform(300.0, 1000.0, count),
        "asic.count": generator.uniform(1e4, 1e6, count),
    }
    if drawn != "money":
        given["asic.chip.hbm_bandwidth"] = generator.uniform(2.0, 4.0, count)
    if drawn == "all":
        given["workload.input_length"] = generator.uniform(1e3, 1e4, count)
    scenario = load_scenario()
    return 1e3 * count / best(lambda: scenario.evaluate(given, curves="cost"), 3)


def ours() -> Times:
    """Times of Breakeven by id. [ms], scenarios a second for the last three."""
    one, many = ({n: v[0] for n, v in sample(1).items()}, sample(10_000))
    found = {
        "S768": best(decode_sweep(), 50),
        "COLD": cold(),
        "C768": best(fleet_years, 50),
        "CF": best(lambda: answers(one), 50),
        "CF 10,000": best(lambda: answers(many)),
        "MC": best(priced_draws()),
        "T1": best(training_layouts(), 20),
    }
    return found | {f"scenarios/s, {n}": scenarios(n) for n in ("money", "one", "all")}


def aiconfigurator() -> Times:
    """S768 by aiconfigurator, with its largest and mean distance from ours."""
    from aiconfigurator.sdk import common
    from aiconfigurator.sdk.backends.factory import get_backend
    from aiconfigurator.sdk.config import ModelConfig, RuntimeConfig
    from aiconfigurator.sdk.inference_session import InferenceSession
    from aiconfigurator.sdk.models import get_model
    from aiconfigurator.sdk.perf_database import (
        get_database,
        get_latest_database_version,
    )

    name = "trtllm"
    newest = get_latest_database_version(system="h100_sxm", backend=name)
    database, backend = get_database("h100_sxm", name, newest), get_backend(name)
    sessions = []
    for chips in (2, 4, 8):
        model = ModelConfig(
            tp_size=chips,
            gemm_quant_mode=common.GEMMQuantMode.bfloat16,
            kvcache_quant_mode=common.KVCacheQuantMode.bfloat16,
            fmha_quant_mode=common.FMHAQuantMode.bfloat16,
            moe_quant_mode=common.MoEQuantMode.bfloat16,
            comm_quant_mode=common.CommQuantMode.half,
        )
        made = get_model("meta-llama/Meta-Llama-3.1-70B", model, name)
        sessions.append(InferenceSession(made, database, backend))

    def work() -> list[list[float]]:
        return [
            [
                session.run_static_latency_only(
                    RuntimeConfig(batch_size=batch, beam_width=1, isl=4096, osl=2),
                    "static_gen",
                )
                for batch in range(1, 257)
            ]
            for session in sessions
        ]

    apart = np.abs(1e3 * decode_sweep()() / np.array(work()) - 1.0)
    said = {"mean distance": float(apart.mean()), "largest": float(apart.max())}
    return {"S768": best(work)} | said


def genz() -> Times:
    """S768 by GenZ, from two of its 768 points."""
    from GenZ import decode_moddeling

    def work() -> None:
        for chips in (4, 8):  # it refuses two: their memory is too small
            decode_moddeling(
                model="meta-llama/Llama-3.1-70B", batch_size=32, input_tokens=4096,
                output_tokens=1, Bb=1, system_name="H100_GPU", bits="bf16",
                tensor_parallel=chips,
            )  # fmt: skip

    work()
    return {"S768": best(work, 2) * 384}


def mlsysim() -> Times:
    """C768 by mlsysim."""
    from mlsysim import Systems
    from mlsysim.engine.solvers.economics import EconomicsModel
    from mlsysim.systems.types import Fleet

    fabric = next(
        value
        for name, value in vars(Systems.Fabrics).items()
        if not name.startswith("_")
    )
    fleet = Fleet(name="256", node=Systems.Nodes.DGX_H100, count=32, fabric=fabric)
    solver = EconomicsModel()

    def work() -> None:
        for price in np.linspace(0.04, 0.19, 16):
            for share in np.linspace(0.2, 0.9, 8):
                for life in range(3, 9):
                    solver.solve(
                        fleet, 365, float(price), mfu=float(share),
                        amortization_years=float(life),
                    )  # fmt: skip

    return {"C768": best(work, 3)}


def pysam() -> Times:
    """CF by PySAM: its single-owner cash flow over a given generation profile."""
    import PySAM.Singleowner as owner

    model = owner.default("PVWattsSingleOwner")
    model.SystemOutput.gen = [1000.0] * 8760
    model.SystemOutput.system_pre_curtailment_kwac = [1000.0] * 8760
    model.execute()
    return {"CF": best(model.execute)}


PEERS = {
    "aiconfigurator": aiconfigurator,
    "mlsysim": mlsysim,
    "PySAM": pysam,
    "GenZ": genz,
}


def peer(work: Callable[[], Times]) -> Times | str:
    """Times of another tool, or why there are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return work()
    except ImportError as error:
        return f"skipped: {error}"
    except Exception as error:
        return f"skipped: {type(error).__name__}: {error}"


def main() -> int:
    """Print times, ratios and what was skipped."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found = ours()
    for name, value in found.items():
        unit = "scenarios/s" if "/s" in name else "ms"
        print(f"{name:24} {value:14,.3f} {unit}")
    others = {name: peer(work) for name, work in PEERS.items()}
    for name, times in others.items():
        if isinstance(times, str):
            print(f"{name:24} {times}")
            continue
        for what, value in times.items():
            ratio = f"{value / found[what]:,.0f} times ours" if what in found else ""
            print(f"{name + ', ' + what:30} {value:14,.3f} {ratio}")
    if given.json:
        given.json.write_text(json.dumps({"ours": found, **others}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
