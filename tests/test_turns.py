"""Whose turn it is when several pages move at once, and who has left."""

from __future__ import annotations

import asyncio

from breakeven.explorer import load_scenario, rest
from breakeven.models.scenario import Scenario


def test_one_session_has_bands_at_a_time() -> None:
    turns = rest._Turns()
    assert turns.take()
    assert not turns.take(), "another is at work"
    turns._began -= 1.0  # it took a second
    turns.give()
    assert not turns.take(), "as long is left to others"
    turns._free = 0.0
    assert turns.take()


def test_the_more_pages_move_the_longer_each_counts_as_moving() -> None:
    turns = rest._Turns()
    assert [turns.moving(page) for page in (1, 2, 2, 3)] == [1, 2, 2, 3]


def test_nothing_is_worked_out_for_a_page_that_was_left(
    evaluated: list[Scenario],
) -> None:
    async def left() -> None:
        follower = rest.Rest(load_scenario, lambda: None, watched=lambda: False)
        follower.moved()
        await asyncio.sleep(3 * rest.WAIT)
        assert follower.found is None

    asyncio.run(left())
    assert not evaluated
