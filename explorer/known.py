"""What the ranges of a scenario follow from: pages on the same inputs share them.

Twenty thousand draws and the indices of a scenario take a second of a processor. Fifty
readers who open the default page ask for the same ones.
"""

from __future__ import annotations

import pickle

from breakeven.models.scenario import Scenario


def key_of(scenario: Scenario, draws: int) -> bytes:
    """Everything that the ranges of a scenario follow from, as one key.

    Parameters
    ----------
    scenario
        The scenario.
    draws
        How many draws are asked for.
    """
    values = [
        (prefix, {n: v for n, v in group.param.values().items() if n != "name"})
        for prefix, group in scenario.groups().items()
    ]
    evidence = [
        (name, e.low, e.high, e.status, e.drawn)
        for name, e in sorted(scenario.evidence.items())
    ]
    rules = (scenario.sizing, scenario.anchor, tuple(scenario.options), draws)
    drawn = (scenario.distributions, scenario.correlations)
    return pickle.dumps((values, evidence, rules, drawn), protocol=5)
