"""Where the parts of a sweep are computed: here, in processes, or on a Dask cluster.

Every runner yields the number and the bytes of each part as it is done, in any order.
The bytes are the same whoever computed them.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from typing import Any

from breakeven.explorer.encoding import encoded
from breakeven.explorer.plan import Plan
from breakeven.explorer.rows import Rows

Part = tuple[int, bytes]
Runner = Callable[[Plan, int, str, Sequence[int]], Iterator[Part]]

_TRIES = 3  # times that a part may lose its process


def serial(plan: Plan, size: int, suffix: str, wanted: Sequence[int]) -> Iterator[Part]:
    """Parts one after the other, in this process."""
    made = Rows(plan)
    for index in wanted:
        columns = made.columns(index * size, (index + 1) * size)
        yield index, encoded(plan.header, columns, suffix)


def processes(workers: int) -> Runner:
    """Runner on processes of this machine; a part whose process dies is tried again."""

    def run(
        plan: Plan, size: int, suffix: str, wanted: Sequence[int]
    ) -> Iterator[Part]:
        if workers == 1 or len(wanted) == 1:
            yield from serial(plan, size, suffix, wanted)
            return
        packed, waiting = _packed(plan), list(wanted)
        for attempt in range(_TRIES):
            try:
                for part in _pooled(packed, size, suffix, list(waiting), workers):
                    waiting.remove(part[0])
                    yield part
            except BrokenProcessPool:
                if attempt == _TRIES - 1:
                    raise OSError(
                        5, f"a process ended {_TRIES} times; try --workers 1"
                    ) from None
            if not waiting:
                return

    return run


def _pooled(
    packed: bytes, size: int, suffix: str, wanted: Sequence[int], workers: int
) -> Iterator[Part]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(wanted)), context, _end_with_parent
    ) as pool:
        try:
            # a few parts ahead of the processes, so that memory stays bounded
            todo, running = iter(wanted), set()
            for index in todo:
                running.add(pool.submit(compute, packed, size, suffix, index))
                if len(running) < 2 * workers:
                    continue
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _end_with_parent() -> None:
    """Let no process outlive the one that asked for it, even if that one is killed."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def compute(packed: bytes, size: int, suffix: str, index: int) -> Part:
    """One part: its number and its bytes. Runs in any process that has Breakeven."""
    made = _unpacked(packed, threading.get_ident())
    columns = made.columns(index * size, (index + 1) * size)
    return index, encoded(made.plan.header, columns, suffix)


def _packed(plan: Plan) -> bytes:
    return pickle.dumps((version("breakeven"), plan))


@lru_cache(maxsize=64)
def _unpacked(packed: bytes, thread: int) -> Rows:
    """Rows of a plan for one thread: each goes through the draws at its own pace."""
    made, plan = pickle.loads(packed)
    if made != version("breakeven"):
        raise ValueError(
            f"a worker has breakeven {version('breakeven')}, the sweep is of {made}"
        )
    return Rows(plan)


def dask(address: str, timeout: float = 10.0) -> Runner:
    """Runner on a Dask cluster; parts of a worker that dies go to another one.

    Raises
    ------
    ValueError
        When Dask is not installed.
    """
    if find_spec("distributed") is None:
        raise ValueError("--scheduler needs Dask: pip install 'breakeven[distributed]'")

    def run(
        plan: Plan, size: int, suffix: str, wanted: Sequence[int]
    ) -> Iterator[Part]:
        from distributed import Client

        try:
            client = Client(address, timeout=timeout, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise OSError(
                111, f"no Dask scheduler answers at {address}: {error}"
            ) from None
        with client:
            yield from _distributed(client, _packed(plan), size, suffix, wanted)

    return run


def _distributed(
    client: Any, packed: bytes, size: int, suffix: str, wanted: Sequence[int]
) -> Iterator[Part]:
    from distributed import CancelledError, KilledWorker, wait

    def submit(index: int) -> Any:
        return client.submit(
            compute, packed, size, suffix, index, pure=False, retries=_TRIES
        )

    threads = sum(client.nthreads().values())
    todo = iter(wanted)
    # a few parts ahead of the workers, so that memory stays bounded everywhere
    running = {submit(index) for index in islice(todo, max(2, 3 * threads))}
    while running:
        with client.as_current():
            done = wait(running, return_when="FIRST_COMPLETED").done
        for future in done:
            try:
                part = future.result()
            except (CancelledError, KilledWorker) as error:
                raise OSError(104, f"the Dask cluster gave up: {error}") from None
            running.remove(future)
            future.release()
            if (index := next(todo, None)) is not None:
                running.add(submit(index))
            yield part
