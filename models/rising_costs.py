"""What a chip costs, draws and does over a life in which its use rises."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from breakeven.models import ramping
from breakeven.models.base import Array

if TYPE_CHECKING:
    from breakeven.models.economics import Economics


class Rise(NamedTuple):
    """How one chip comes into use: what it does and takes in the end, and lacks before.

    ``work`` [1/s], ``lines`` and ``running`` [USD/s] and ``facility_power`` [W] are
    those of a chip used as asked, ``mean_work`` is that over its life. ``missing_work``
    and ``missing``, by cost line, are what is less in each month of age, ages last.
    """

    work: Array
    lines: dict[str, Array]
    running: Array
    facility_power: Array
    mean_work: Array
    missing_work: Array
    missing: dict[str, Array]

    @property
    def missing_running(self) -> Array:
        """Cash that a chip does not take yet, by month of age. [USD/s]."""
        none = np.zeros(self.missing_work.shape[-1])
        return np.asarray(sum(self.missing.values(), start=none))

    def scaled(self, factor: Array) -> Rise:
        """The same with more chips that cost and draw, but do not work. [mixed].

        Parameters
        ----------
        factor
            Chips installed over chips needed. [1]
        """
        wide = np.asarray(factor, float)[..., None]
        return self._replace(
            lines={name: value * factor for name, value in self.lines.items()},
            running=self.running * factor,
            facility_power=self.facility_power * factor,
            missing={name: gap * wide for name, gap in self.missing.items()},
        )


def over_life(
    level: Economics,
    early: Economics,
    given: dict[str, dict[str, Any]],
    term: tuple[Array, Array],
    label: str,
) -> Economics:
    """Economics of a chip whose use rises, as means over its life. [mixed].

    Money and the work it pays for are discounted, powers and the work they go into are
    not: a level cost and a mean power.

    Parameters
    ----------
    level
        Economics at the use in the end. [mixed]
    early
        Economics by month of age, ages on the last axis. [mixed]
    given
        Inputs by group in base units, ``option.rising`` among them. [mixed]
    term
        Rate per month, and months of life. [1/month, month]
    label
        Name of the option. [text]

    References
    ----------
    EQ-15, EQ-31.
    """
    ages = given["option"]["rising"].shape[-1]
    weights = ramping.month_weights(*term, ages)
    plain = ramping.month_shares(term[1], ages)
    gaps = {n: _gap(v, early.lines[n], ages) for n, v in level.lines.items()}
    missing = {n: v for n, v in gaps.items() if n not in level.parts and np.any(v)}
    lines = level.lines | {
        name: ramping.averaged(level.lines[name], gap, weights)
        for name, gap in missing.items()
    }
    less = _gap(level.work, early.work, ages)

    def drawn(name: str) -> Array:
        full = getattr(level, name)
        return ramping.averaged(full, _gap(full, getattr(early, name), ages), plain)

    return replace(
        level,
        lines=lines,
        running=np.asarray(sum(v for k, v in lines.items() if k not in level.parts)),
        work=ramping.averaged(level.work, less, weights),
        chip_power=drawn("chip_power"),
        it_power=drawn("it_power"),
        facility_power=drawn("facility_power"),
        notes=(*level.notes, _note(given["option"], label)),
        rise=Rise(
            work=level.work,
            lines=level.lines,
            running=level.running,
            facility_power=level.facility_power,
            mean_work=ramping.averaged(level.work, less, plain),
            missing_work=less,
            missing=missing,
        ),
    )


def _note(use: dict[str, Any], label: str) -> str:
    """What a reader is told of a ramp."""
    months = float(np.max(use["ramp_period"])) / ramping.MONTH
    return (
        f"{label} is used as asked after {months:g} months: what its work costs and "
        "draws is the mean over its life"
    )


def _gap(full: Array, then: Array, ages: int) -> Array:
    """What is less in each month of age."""
    gap = np.asarray(full, float)[..., None] - then
    return np.asarray(np.broadcast_to(gap, (*gap.shape[:-1], ages)))
