"""Ranges of a page that rests: what they hold, and that a drag never waits for them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest

from breakeven.explorer import load_scenario, rest, wire
from breakeven.explorer.odds import odds, odds_sentence
from breakeven.explorer.page import Explorer
from breakeven.explorer.views import strip
from breakeven.models.scenario import Scenario

Messages = list[dict[str, Any]]


@pytest.fixture
def explorer() -> Explorer:
    return Explorer()


@pytest.fixture
def sent(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> Messages:
    """Messages that the page would send to the browser."""
    messages: Messages = []
    monkeypatch.setattr(explorer.hub, "send", messages.append)
    return messages


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    """Every scenario that is evaluated, once for each time."""
    calls: list[Scenario] = []
    plain = Scenario.evaluate

    def counted(self: Scenario, *given: Any, **more: Any) -> Any:
        calls.append(self)
        return plain(self, *given, **more)

    monkeypatch.setattr(Scenario, "evaluate", counted)
    return calls


async def ranged(messages: Messages, count: int = 1) -> list[dict[str, Any]]:
    """Messages with ranges, once there are so many."""
    for _ in range(1000):
        found = [message for message in messages if "ranges" in message]
        if len(found) >= count:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("no ranges came")


def run(steps: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(steps())  # type: ignore[arg-type]


def key(explorer: Explorer) -> str:
    return next(iter(explorer.scenario.options))


def arrays(message: dict[str, Any], kind: str) -> list[list[np.ndarray]]:
    """Arrays of each entry of one kind among the ranges of a message."""
    entries = message["ranges"]
    last = wire.unpacked(message["buffer"])[-wire.taken(entries) :]
    found = []
    for entry in entries:
        count = wire.taken([entry])
        if kind in (entry["kind"], entry.get("render")):
            found.append(last[:count])
        last = last[count:]
    return found


def test_the_bands_are_the_quantiles_of_the_draws(
    explorer: Explorer, sent: Messages
) -> None:
    async def steps() -> None:
        explorer.change({f"{key(explorer)}.utilisation": 0.7})
        await ranged(sent)

    run(steps)
    scenario = load_scenario().with_values({f"{key(explorer)}.utilisation": 0.7})
    spread, verdicts = odds(scenario, rest.DRAWS)
    bands = arrays(sent[-1], "bands")
    for (months, low, high), curves in zip(
        bands, (spread.cumulative_cost, spread.cost_to_date), strict=True
    ):
        np.testing.assert_allclose(months, spread.months, rtol=1e-6)
        np.testing.assert_allclose(low, curves[0].ravel(), rtol=1e-6)
        np.testing.assert_allclose(high, curves[2].ravel(), rtol=1e-6)
    ((spans,),) = arrays(sent[-1], "spans")
    figures = strip.arrays(scenario, scenario.evaluate())[-1]
    assert spans.size == 2 * figures.size, "two ends for each figure"
    count = len(scenario.options)
    costs = spread.cost_per_token[::2].T.ravel()
    np.testing.assert_allclose(spans[: 2 * count], costs, rtol=1e-6)
    said = [e["sentences"]["0"] for e in sent[-1]["ranges"] if "sentences" in e]
    assert said == [odds_sentence(scenario, verdicts[0])]


def test_the_layout_and_the_ranges_take_the_whole_buffer(
    explorer: Explorer, sent: Messages
) -> None:
    async def steps() -> None:
        for index, view in enumerate(explorer.views):
            explorer.stage.view = explorer.views[index]
            explorer.change({"site.pue": 1.2 + index / 100})
            message = (await ranged(sent, index + 1))[-1]
            entries = explorer.layout(view, explorer.results())["entries"]
            count = wire.taken([*entries, *message["ranges"]])
            assert len(wire.unpacked(message["buffer"])) == count, view.name

    run(steps)


def test_a_drag_has_no_other_evaluation_and_only_its_end_has_ranges(
    explorer: Explorer, sent: Messages, evaluated: list[Scenario]
) -> None:
    async def steps() -> None:
        for step in range(8):
            explorer.change({f"{key(explorer)}.utilisation": 0.5 + step / 100}, step)
            await asyncio.sleep(rest.WAIT / 4)
        assert len(evaluated) == 8
        assert [m["seq"] for m in sent] == list(range(8))
        assert not any("ranges" in m for m in sent)
        await ranged(sent)
        await asyncio.sleep(2 * rest.WAIT)

    run(steps)
    assert len(sent) == 9
    assert "seq" not in sent[-1]
    others = [s for s in evaluated if s is not explorer.scenario]
    assert others, "the draws are of a copy: the page may move meanwhile"


def test_ranges_of_inputs_that_have_moved_are_dropped(
    explorer: Explorer, sent: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[float] = []
    plain = rest.ranges
    name = f"{key(explorer)}.utilisation"

    def slow(scenario: Scenario, count: int) -> Any:
        begun.append(float(scenario.inputs()[name].value))
        found = plain(scenario, count)
        if len(begun) == 1:
            moved.wait(5)
        return found

    monkeypatch.setattr(rest, "ranges", slow)
    moved = threading.Event()

    async def steps() -> None:
        explorer.change({name: 0.5})
        while not begun:
            await asyncio.sleep(0.01)
        explorer.change({name: 0.8})
        moved.set()
        await ranged(sent)

    run(steps)
    assert begun == [0.5, 0.8]
    assert len([m for m in sent if "ranges" in m]) == 1
    low = plain(explorer.scenario, rest.DRAWS).spread.cost_to_date[0]
    np.testing.assert_allclose(arrays(sent[-1], "bands")[1][1], low.ravel(), rtol=1e-6)


def test_another_tab_has_the_ranges_at_once(explorer: Explorer, sent: Messages) -> None:
    async def steps() -> None:
        explorer.change({"site.pue": 1.3})
        await ranged(sent)
        sent.clear()
        explorer.stage.open(explorer.views[1].name)
        assert ["ranges" in message for message in sent] == [True]

    run(steps)


def test_an_option_that_cannot_work_has_no_odds(
    explorer: Explorer, sent: Messages
) -> None:
    async def steps() -> None:
        rival = list(explorer.scenario.options)[-1]
        explorer.change({f"{rival}.chip.hbm_capacity": 0.5})
        message = (await ranged(sent))[-1]
        (said,) = [e["sentences"]["0"] for e in message["ranges"] if "sentences" in e]
        assert said == ""

    run(steps)
