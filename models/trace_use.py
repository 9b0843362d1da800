"""How busy a chip is over its life, month by month, for the worked calculation."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from breakeven.models.scenario import Scenario


class Use(NamedTuple):
    """Use of one chip that is up: in the end, and in each month of a ramp before.

    ``weights`` are what those months weigh in a level charge over the life.
    """

    reached: float
    months: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()

    @property
    def word(self) -> str:
        """What formulas call its mean. [text]."""
        return "mean use" if self.months else "utilisation"

    @property
    def mean(self) -> float:
        """Mean over the life, discounted. [1]."""
        return self.mean_of(lambda share: share)

    def mean_of(self, value: Callable[[float], float]) -> float:
        """Mean of a function of use over the life, discounted. [any].

        Parameters
        ----------
        value
            The function. [any]
        """
        end, pairs = value(self.reached), zip(self.months, self.weights, strict=True)
        return end - sum(w * (end - value(share)) for share, w in pairs)


def use_of(scenario: Scenario, key: str, rate: float, recovery: float) -> Use:
    """Use of the chips of an option over their life. [1].

    Parameters
    ----------
    scenario
        Inputs. [mixed]
    key
        Key of the option. [text]
    rate
        Rate per month. [1/month]
    recovery
        Capital recovery factor. [1/month]

    References
    ----------
    models/ramping.py, one month after another.
    """
    groups = scenario.options[key]
    option, load = groups.option, groups.load
    period, start = option.ramp_period, option.ramp_start
    months, weights = [], []
    if start < 1.0:
        for month in range(1, math.ceil(period) + 1):
            last = min(month, period)
            lacking = (last - month + 1) * (1.0 - (month - 1 + last) / (2.0 * period))
            asked = option.utilisation * (1.0 - (1.0 - start) * lacking)
            months.append(float(load.served(asked)) if load else asked)
            part = min(max(12.0 * scenario.finance.life - month + 1.0, 0.0), 1.0)
            due = (1.0 - (1.0 + rate) ** -part) / rate if rate else part
            weights.append(recovery * due / (1.0 + rate) ** (month - 1))
    return Use(groups.busy(), tuple(months), tuple(weights))
