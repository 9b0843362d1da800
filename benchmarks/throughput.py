"""Speed of the throughput model: layouts, decode sweep, draws.

Run as ``python benchmarks/throughput.py``; prints the best of five in milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from breakeven.explorer.cases import chip_machine, shapes
from breakeven.models import llm, serving, throughput
from breakeven.models.base import Array
from breakeven.models.machine import Stack
from breakeven.models.parallel import ServingLayout, TrainingLayout
from breakeven.models.serving import Formats
from breakeven.presets import tables


def best(work: Callable[[], object], repeat: int = 5) -> float:
    """Shortest of a few runs. [ms]."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def stack(name: str) -> dict[str, float]:
    """Quantities of a stack preset in base units."""
    rows = tables.preset("stacks", name)
    known = set(Stack.quantities())
    return Stack(**{q: r.central for q, r in rows.items() if q in known}).base()


def decode_sweep() -> Callable[[], Array]:
    """S768: one decode step at every batch of 1 to 256 on 2, 4 and 8 H100s. [s]."""
    machine = chip_machine("h100_sxm", "bf16")[0]
    model, serve = llm.arithmetic(shapes("llama3_70b")), stack("h100_sxm_serve")
    formats = Formats(np.float64(2.0), np.float64(2.0))
    sizes = ServingLayout(np.array((2.0, 4.0, 8.0))[:, None], np.float64(0.0))
    batch, context = np.arange(1.0, 257.0), np.float64(4096.0)
    return lambda: (
        serving.step_time(model, machine, serve, sizes, formats, batch, context).total
    )


def main() -> None:
    """Print the table."""
    machine = chip_machine("h100_sxm", "bf16")[0]
    shape, serve = shapes("llama3_70b"), stack("h100_sxm_serve")
    model = llm.arithmetic(shape)
    formats = Formats(np.float64(2.0), np.float64(2.0))
    sizes = ServingLayout(np.array((2.0, 4.0, 8.0))[:, None], np.float64(0.0))
    batch, context = np.arange(1.0, 257.0), np.float64(4096.0)

    def decode() -> object:
        return serving.step_time(model, machine, serve, sizes, formats, batch, context)

    print(f"S768  768 decode steps (batch × TP)            {best(decode):8.3f} ms")
    step = decode().total
    said = f"TP8 b32 {1e3 * step[2, 31]:.2f} ms, b1 {1e3 * step[2, 0]:.2f} ms"
    print(f"      {said} (calibrated)")
    load = {"input_length": 2500.0, "output_length": 400.0, "tpot_limit": 0.025}

    def scenario() -> object:
        return throughput.serving(shape, machine, serve, **load, ttft_limit=2.0)

    print(f"      one serving point, best layout and batch   {best(scenario):8.3f} ms")
    lengths = np.linspace(200.0, 20_000.0, 1430)

    def many() -> object:
        changed = load | {"input_length": lengths}
        return throughput.serving(shape, machine, serve, **changed, ttft_limit=2.0)

    print(f"      10,010 configurations (layout × point)     {best(many):8.3f} ms")
    draws = np.random.default_rng(1).uniform(0.6, 0.95, 100_000)

    def monte_carlo() -> object:
        changed = {**serve, "hbm_efficiency": draws}
        return throughput.serving(shape, machine, changed, **load, ttft_limit=2.0)

    print(f"      100,000 draws, best layout each {best(monte_carlo, 2):19.1f} ms")
    training()


def training() -> None:
    """Print the time of many training layouts at once."""
    train = stack("a100_80gb_sxm_train")
    axes = np.meshgrid(*(2.0 ** np.arange(n) for n in (4, 7, 4)), (0.0, 0.5, 1.0))
    tensor, pipeline, micro, again = (axis.ravel() for axis in axes)
    one = np.ones(tensor.size)
    grid = TrainingLayout(tensor, pipeline, one, one, micro, one, 0.0 * one, again)
    a100 = chip_machine("a100_80gb_sxm", "bf16")[0]

    def layouts() -> object:
        return throughput.training(
            shapes("gpt3_175b"), a100, train, sequence_length=2048.0, global_batch=64.0,
            count=64.0, layouts=grid,
        )  # fmt: skip

    print(f"T1    {tensor.size} training layouts, GPT-3 175B on 64 A100  "
          f"{best(layouts):7.3f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
