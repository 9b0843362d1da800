"""Ranges of a page: rough as it moves, sharp at rest, and no drag waits for them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest

from breakeven.explorer import load_scenario, rest, wire
from breakeven.explorer.odds import odds_sentence, ranges
from breakeven.explorer.page import Explorer
from breakeven.explorer.views import strip
from breakeven.models.kept import Kept
from breakeven.models.scenario import Scenario

Messages = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "DRAWS", 3000)
    monkeypatch.setattr(rest, "MOVING", 300)
    monkeypatch.setattr("breakeven.explorer.odds.WEIGHTS", 32)
    monkeypatch.setattr(rest, "_KNOWN", Kept(32))


@pytest.fixture
def explorer() -> Explorer:
    return Explorer()


@pytest.fixture
def sent(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> Messages:
    """Messages that the page would send to the browser."""
    messages: Messages = []
    monkeypatch.setattr(explorer.hub, "send", messages.append)
    return messages


async def until(true: Callable[[], Any], said: str) -> None:
    for _ in range(2000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(said)


async def rested(explorer: Explorer, messages: Messages) -> dict[str, Any]:
    """The last message with ranges, once the page has come to rest."""
    await until(lambda: messages and messages[-1].get("progress") == 1.0, "no rest")
    return [message for message in messages if "ranges" in message][-1]


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


def test_the_bands_at_rest_are_the_quantiles_of_the_draws(
    explorer: Explorer, sent: Messages
) -> None:
    async def steps() -> None:
        explorer.change({f"{key(explorer)}.utilisation": 0.7})
        await rested(explorer, sent)

    run(steps)
    last = [message for message in sent if "ranges" in message][-1]
    scenario = load_scenario().with_values({f"{key(explorer)}.utilisation": 0.7})
    found = ranges(scenario, rest.DRAWS)
    spread = found.spread
    bands = arrays(last, "bands")
    for (months, low, high), curves in zip(
        bands, (spread.cumulative_cost, spread.cost_to_date), strict=True
    ):
        np.testing.assert_allclose(months, spread.months, rtol=1e-6)
        np.testing.assert_allclose(low, curves[0].ravel(), rtol=1e-6)
        np.testing.assert_allclose(high, curves[2].ravel(), rtol=1e-6)
    ((spans,),) = arrays(last, "spans")
    figures = strip.arrays(scenario, scenario.evaluate())[-1]
    assert spans.size == 2 * figures.size, "two ends for each figure"
    count = len(scenario.options)
    costs = spread.cost_per_token[::2].T.ravel()
    np.testing.assert_allclose(spans[: 2 * count], costs, rtol=1e-6)
    said = [e["sentences"]["0"] for e in last["ranges"] if "sentences" in e]
    assert said == [odds_sentence(scenario, found.verdicts[0], scenario.evaluate())]
    assert "mostly because of" in said[0]


def test_the_layout_and_the_ranges_take_the_whole_buffer(
    explorer: Explorer, sent: Messages
) -> None:
    async def steps() -> None:
        explorer.change({"site.pue": 1.2})
        await rested(explorer, sent)
        for view in explorer.views:
            explorer.stage.view = view
            sent.clear()
            explorer.show(structure=True)
            message = sent[0]
            count = wire.taken([*message["layout"]["entries"], *message["ranges"]])
            assert len(wire.unpacked(message["buffer"])) == count, view.name

    run(steps)


def test_bands_follow_a_drag_and_no_step_waits_for_them(
    explorer: Explorer,
    sent: Messages,
    evaluated: list[Scenario],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, values = f"{key(explorer)}.utilisation", np.linspace(0.5, 0.6, 12)

    async def steps() -> None:
        explorer.change({name: 0.5})
        await rested(explorer, sent)
        sent.clear()
        evaluated.clear()
        monkeypatch.setattr(rest, "WAIT", 60.0)
        for step, value in enumerate(values):
            explorer.change({name: float(value)}, step)
            await asyncio.sleep(0.05)
        mine = [s for s in evaluated if s is explorer.scenario]
        answers = [message for message in sent if "buffer" in message]
        assert len(mine) == len(answers), "one evaluation for each message"
        assert len(answers) <= 2 * len(values), "one a step, one when bands come alone"
        assert len(evaluated) > len(mine), "draws are of a copy: the page may move"
        assert [m["seq"] for m in sent if "seq" in m] == list(range(len(values)))
        assert all(message["keep"] for message in sent if "seq" in message)
        carried = [message for message in sent if "ranges" in message]
        await until(lambda: len(carried) >= 2 or "ranges" in sent[-1], "no bands")

    run(steps)
    lows = [arrays(m, "bands")[1][1] for m in sent if "ranges" in m]
    passed = [
        ranges(
            load_scenario().with_values({name: float(value)}),
            rest.MOVING,
            weighed=False,
        ).spread.cost_to_date[0]
        for value in values
    ]
    for low in lows:
        assert any(
            np.allclose(low, p.ravel(), rtol=1e-6, equal_nan=True) for p in passed
        )


def test_another_chip_has_no_bands_of_the_one_before(
    explorer: Explorer, sent: Messages
) -> None:
    async def steps() -> None:
        explorer.change({"site.pue": 1.2})
        await rested(explorer, sent)
        sent.clear()
        explorer.change({f"{key(explorer)}.chip": "tpu_v6e"})
        assert "ranges" not in sent[0]
        assert not sent[0]["keep"]

    run(steps)


def test_ranges_of_inputs_that_have_moved_are_dropped(
    explorer: Explorer, sent: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[float] = []
    plain = rest.ranges
    name = f"{key(explorer)}.utilisation"

    def slow(scenario: Scenario, *given: Any, **more: Any) -> Any:
        if more.get("progress"):
            begun.append(float(scenario.inputs()[name].value))
            if len(begun) == 1:
                moved.wait(5)
        return plain(scenario, *given, **more)

    monkeypatch.setattr(rest, "ranges", slow)
    moved = threading.Event()

    async def steps() -> None:
        explorer.change({name: 0.5})
        await until(lambda: begun, "nothing begins")
        explorer.change({name: 0.8})
        moved.set()
        await until(
            lambda: explorer.rest.found and explorer.rest.found.weights, "no rest"
        )

    run(steps)
    assert begun == [0.5, 0.8]
    low = plain(explorer.scenario, rest.DRAWS).spread.cost_to_date[0]
    lows = [arrays(m, "bands")[1][1] for m in sent if "ranges" in m]
    np.testing.assert_allclose(lows[-1], low.ravel(), rtol=1e-6)
    left = load_scenario().with_values({name: 0.5})
    dropped = plain(left, rest.DRAWS).spread.cost_to_date[0].ravel()
    for sharp, due in ((low.ravel(), 1), (dropped, 0)):
        same = [np.allclose(one, sharp, rtol=1e-6, equal_nan=True) for one in lows]
        assert sum(same) == due


def test_a_reader_can_stop_the_work(
    explorer: Explorer, sent: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "DRAWS", 10**5)

    async def steps() -> None:
        explorer.change({"site.pue": 1.2})
        await until(lambda: any("progress" in m for m in sent), "no progress")
        explorer._heard({"type": "stop"})
        await rested(explorer, sent)

    run(steps)
    shares = [message["progress"] for message in sent if "progress" in message]
    assert shares == sorted(shares)
    assert explorer.rest.found is not None, "the rough ranges stay"
    assert explorer.rest.found.weights is None


def test_another_tab_has_the_ranges_at_once(explorer: Explorer, sent: Messages) -> None:
    async def steps() -> None:
        explorer.change({"site.pue": 1.3})
        await rested(explorer, sent)
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
        message = await rested(explorer, sent)
        (said,) = [e["sentences"]["0"] for e in message["ranges"] if "sentences" in e]
        assert said == ""

    run(steps)


def test_a_second_page_on_the_same_inputs_draws_nothing(
    explorer: Explorer, sent: Messages, evaluated: list[Scenario]
) -> None:
    other, messages = Explorer(), []
    other.hub.send = messages.append  # type: ignore[method-assign]
    change = {f"{key(explorer)}.utilisation": 0.7}

    async def steps() -> None:
        explorer.change(change)
        await rested(explorer, sent)
        before = len(evaluated)
        other.change(change)
        await rested(other, messages)
        assert len(evaluated) - before < 20, "each chunk of draws is one evaluation"

    run(steps)
    ours, theirs = (
        [e["sentences"] for m in ms for e in m.get("ranges", ()) if "sentences" in e]
        for ms in (sent, messages)
    )
    assert ours[-1] == theirs[-1]
    assert [m["progress"] for m in messages if "progress" in m] == [1.0]
