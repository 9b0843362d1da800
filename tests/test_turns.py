"""Whose turn it is when several pages move at once."""

from __future__ import annotations

from breakeven.explorer import rest


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
