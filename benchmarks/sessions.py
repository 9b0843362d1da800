"""Fifty people who drag at once, and what two hundred leave behind.

Each visitor moves a slider twice a second; the time is from sending the move to the
buffer that answers it. Memory is the server's own, before and after 200 pages were
opened and closed again.

    python benchmarks/sessions.py [--sessions 50] [--minutes 0.5] [--opened 200]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path

import numpy as np
import psutil
from machine import Watch
from visitors import Visitor

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from servers import serve  # noqa: E402

DICE = np.random.default_rng(7)
INPUTS = {
    "asic.count": (1e5, 9e5),
    "asic.utilisation": (0.3, 0.9),
    "gpu.price": (1e4, 4e4),
    "site.electricity_price": (0.02, 0.2),
    "finance.discount_rate": (0.02, 0.2),
}


async def drag(visitor: Visitor, seconds: float, rate: float = 2) -> None:
    """Move a slider of one's own so many times a second."""
    name, (low, high) = list(INPUTS.items())[DICE.integers(len(INPUTS))]
    await asyncio.sleep(DICE.random() / rate)
    until = time.monotonic() + seconds
    while (now := time.monotonic()) < until:
        await visitor.move(name, DICE.uniform(low, high))
        await asyncio.sleep(max(0.0, now + 1 / rate - time.monotonic()))


async def arrive(url: str, count: int) -> list[Visitor]:
    """Visitors who come one after the other, as fast as they are let in."""
    visitors = [Visitor(url) for _ in range(count)]
    for visitor in visitors:
        await visitor.arrive()
    return visitors


def every(process: psutil.Process) -> list[psutil.Process]:
    """The server and its workers."""
    return [process, *process.children(recursive=True)]


def memory(process: psutil.Process) -> float:
    """Memory of the server with all its workers. [MB]."""
    return sum(one.memory_info().rss for one in every(process)) / 1e6


def processor(process: psutil.Process) -> float:
    """Processor time of the server with all its workers so far. [s]."""
    return sum(sum(one.cpu_times()[:2]) for one in every(process))


async def crowd(
    url: str, process: psutil.Process, count: int, seconds: float
) -> dict[str, object]:
    """Answer times of visitors who all drag at once. [s]."""
    start = time.perf_counter()
    visitors = await arrive(url, count)
    came = time.perf_counter() - start
    listening = [asyncio.create_task(v.listen()) for v in visitors]
    watch, before = Watch(), processor(process)
    await asyncio.gather(*(drag(v, seconds) for v in visitors))
    spent, shares, held = processor(process) - before, watch.shares(), memory(process)
    for visitor, task in zip(visitors, listening, strict=True):
        visitor.leave()
        task.cancel()
    times = np.array([t for v in visitors for t in v.times])
    moves = sum(v.moves for v in visitors)
    p50, p95 = np.percentile(times, (50, 95))
    return {
        "sessions": count,
        "opened_per_second": round(count / came, 2),
        "moves": moves,
        "lost": sum(v.lost for v in visitors),
        "errors": sum(len(v.errors) for v in visitors),
        "p50_ms": round(1000 * p50, 1),
        "p95_ms": round(1000 * p95, 1),
        "max_ms": round(1000 * times.max(), 1),
        "processor_ms_per_move": round(1000 * spent / moves, 2),
        "memory_MB": round(held, 1),
        "processors": {name: round(share, 2) for name, share in shares.items()},
    }


async def turnover(url: str, process: psutil.Process, count: int) -> list[float]:
    """Memory of the server after each tenth of ``count`` pages came and went. [MB]."""
    found = []
    for _ in range(10):
        for _ in range(count // 10):
            (visitor,) = await arrive(url, 1)
            listening = asyncio.create_task(visitor.listen())
            await visitor.move("asic.utilisation", DICE.uniform(0.3, 0.9))
            visitor.leave()
            listening.cancel()
        found.append(memory(process))
    return found


async def emptied(url: str, seconds: float = 60) -> None:
    """Wait until the server has let go of the pages that nobody holds."""
    from tornado.httpclient import AsyncHTTPClient

    for _ in range(int(seconds)):
        answer = await AsyncHTTPClient().fetch(f"{url}healthz")
        if json.loads(answer.body)["sessions"] == 0:
            return
        await asyncio.sleep(1)


async def measure(
    url: str, process: psutil.Process, given: argparse.Namespace
) -> dict[str, object]:
    """All that this script prints."""
    await turnover(url, process, 20)  # caches fill once
    await emptied(url)
    before = memory(process)
    found: dict[str, object] = {
        "crowd": await crowd(url, process, given.sessions, 60 * given.minutes)
    }
    await emptied(url)
    crowded = memory(process)
    way = await turnover(url, process, given.opened)
    await emptied(url)
    after = memory(process)
    found["memory"] = {
        "start_MB": round(before, 1),
        "after_the_crowd_MB": round(crowded, 1),  # the most that was needed at once
        "after_MB": round(after, 1),
        "left_behind_MB": round(after - crowded, 1),
        "opened": given.opened,
        "on_the_way_MB": [round(m, 1) for m in way],
    }
    return found


def main() -> int:
    """Print the times and the memory; exit 1 where they miss the mark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--opened", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    most = max(given.sessions, given.opened) + 100
    with serve("--max-sessions", str(most), "--workers", str(given.workers)) as server:
        process = psutil.Process(server.process.pid)
        found = asyncio.run(measure(server.url, process, given))
        failed = [line for line in server.lines() if line["level"] == "error"]
    print(json.dumps({**found, "server_errors": len(failed)}, indent=2))
    for line in failed[:3]:
        print(line.get("event"), line.get("traceback", ""), file=sys.stderr)
    crowd_found, held = found["crowd"], found["memory"]
    good = (
        crowd_found["p95_ms"] <= 400  # type: ignore[index]
        and not crowd_found["lost"]  # type: ignore[index]
        and not crowd_found["errors"]  # type: ignore[index]
        and held["left_behind_MB"] < 50  # type: ignore[index]
        and not failed
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
