"""Why nothing stands on a site, in words, and the least change that would help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from breakeven.explorer.words import money, power_text
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.site_barred import BARRED, shares_over
from breakeven.models.study import Finding

Named = Sequence[tuple[str, float]]


def sentences(
    scenario: Scenario, results: Results, found: Finding, aim: str
) -> Iterator[str]:
    """Which rules no mix keeps; else why no chip is worth the site. [text]."""
    rules = list(_rules(scenario, results, found))
    yield from rules
    free = float(found[f"free_{aim}"])
    if rules:
        return
    caps = scenario.studied["fleet"]
    site = f"{power_text(caps.power_cap)} and {money(caps.budget * 1e9)}"  # type: ignore[attr-defined]
    if free > 0:
        gain = f" Without them it earns {money(free)} a year." * (aim == "margin")
        yield (
            f"The best use of {site} is to buy nothing: the rules on shares ask for "
            f"chips that lose more than the others earn.{gain}"
        )
        return
    why = np.asarray(found["barred"], int)
    if (why == BARRED.index("each costs more than it earns")).all():
        yield f"None of these chips is worth {site}: each costs more than it earns."
        return
    each = [
        f"{label}: {BARRED[k] or 'not within the caps'}"
        for label, k in zip(results.labels, why, strict=True)
    ]
    yield f"None of these chips is worth {site}. {'; '.join(each)}."


def shares(least: Named, most: Named) -> Iterator[str]:
    """Rules on shares that cannot all be kept, and how little less would do. [text].

    ``least`` and ``most`` name who has to have or may have which share; ``most`` holds
    everybody, 1 where there is no rule.
    """
    over, under = shares_over(
        np.array([share for _, share in least]), np.array([share for _, share in most])
    )
    if over > 0:
        asked = [(who, share) for who, share in least if share > 0]
        yield (
            f"No mix keeps the least shares: they add up to {1 + over:.0%} "
            f"({_listed(asked)}). {_less(asked, float(over))}"
        )
    if under > 0:
        which = "either" if len(most) == 2 else "any one"
        yield (
            f"No mix keeps the most shares: they add up to only {1 - under:.0%} "
            f"({_listed(most)}). {_points(under)} more of {which} would do."
        )


def _less(asked: Named, over: float) -> str:
    """Whose least share could come down by the excess alone."""
    able = [who for who, share in asked if share >= over - 1e-9]
    if not able:
        return f"They have to come down by {_points(over)} in all."
    if len(able) > 1 and len(able) == len(asked):
        which = "either" if len(able) == 2 else "any one"
        return f"{_points(over)} less of {which} would do."
    return f"{_points(over)} less of {' or '.join(able)} would do."


def _rules(scenario: Scenario, results: Results, found: Finding) -> Iterator[str]:
    """Rules that no mix keeps."""
    rules = [scenario.studied[f"{key}.allocation"] for key in scenario.options]
    labels = results.labels
    least = [(who, r.least_share) for who, r in zip(labels, rules, strict=True)]  # type: ignore[attr-defined]
    most = [(who, r.most_share) for who, r in zip(labels, rules, strict=True)]  # type: ignore[attr-defined]
    if found["least_over"] > 0 or found["most_under"] > 0:
        said = list(shares(least, most))
        yield from said
    for (who, asked), (_, allowed), over in zip(
        least, most, found["own_over"], strict=True
    ):
        if over <= 0:
            continue
        if allowed < asked:
            rule = f"it may have {allowed:.0%} at most"
        else:
            rule = "none of it is to be had on this site"
        yield (
            f"{who} has to have {asked:.0%} of the power, but {rule}: "
            f"{_points(over)} less would do."
        )
    if found["design_short"] > 0:
        budget = scenario.studied["fleet"].budget * 1e9  # type: ignore[attr-defined]
        yield (
            f"The budget of {money(budget)} does not pay for the designs that the "
            "least shares ask for: more than "
            f"{money(float(found['design_short']) * 1e9)} is lacking."
        )


def _listed(named: Named) -> str:
    return ", ".join(f"{who} {share:.0%}" for who, share in named)


def _points(share: float) -> str:
    points = f"{100 * share:.3g}"
    return f"{points} point" + ("" if points == "1" else "s")
