"""The money of a scenario in sentences: what a programme returns, and why not."""

from __future__ import annotations

import math
from typing import Any

from breakeven.explorer.words import money, months_text, quantity_text
from breakeven.models.payoff import RATES
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario

ONE, SEVERAL = 0, 1  # places in RATES


def percent(value: float) -> str:
    """A yearly rate in words."""
    size = f"{abs(value):,.0%}" if abs(value) >= 0.095 else f"{abs(value):.1%}"
    return ("−" if value < 0 else "") + size.replace("%", " %")


def worth(scenario: Scenario, results: Results) -> list[str]:
    """Present value of each option against the reference."""
    places = range(len(results.options) - 1)
    return [_worth(scenario, results, place) for place in places]


def _worth(scenario: Scenario, results: Results, place: int) -> str:
    own, rival = results.labels[place], results.labels[-1]
    worth = float(results.studies["worth"]["npv"][place])
    if not math.isfinite(worth):
        return f"{own} against {rival}: no present value, one of them has no cost."
    span = months_text(float(results.months[-1]))
    rate = percent(scenario.finance.discount_rate)
    tax = scenario.groups()["returns"].tax_rate
    taxed = "before tax" if tax == 0 else f"after tax of {percent(tax)}"
    verb = "saves" if worth >= 0 else "costs"
    more = "" if worth >= 0 else " more"
    return (
        f"{own} in place of {rival} {verb} {money(abs(worth))}{more} in present value "
        f"over {span}, at {rate} a year, {taxed}."
    )


def returns(scenario: Scenario, results: Results) -> list[str]:
    """Payback and rate of return of each option, and the two-for-two rule."""
    found = []
    study = dict(results.studies["returns"].arrays)
    rival = results.labels[-1]
    for place, own in enumerate(results.labels[:-1]):
        if int(study["payback_reason"][place]) == 3:
            found.append(f"{own} against {rival}: no cash flow, a cost is not known.")
            continue
        found.append(f"{own}: {_payback(study, place)} {_rate(study, place)}")
        if (rule := _rule(study, place, own, rival)) is not None:
            found.append(rule)
    return found


def _payback(study: dict[str, Any], place: int) -> str:
    reason = int(study["payback_reason"][place])
    if reason == 1:
        return "there is nothing to pay back, no month asks for money first."
    if reason == 2:
        return "never pays back within the horizon."
    after = months_text(float(study["payback"][place]))
    later = float(study["discounted_payback"][place])
    if not math.isfinite(later):
        return f"paid back after {after}, never when discounted."
    return f"paid back after {after}, discounted after {months_text(later)}."


def _rate(study: dict[str, Any], place: int) -> str:
    reason, first = int(study["irr_reason"][place]), float(study["irr"][place])
    if reason == ONE:
        return f"Internal rate of return: {percent(first)} a year."
    if reason == SEVERAL:
        count = int(study["irr_count"][place])
        rates = sorted((first, float(study["irr_other"][place])))
        listed = " and ".join(percent(rate) for rate in rates)
        more = (
            f"{count} rates of return, among them"
            if count > 2
            else "Two rates of return,"
        )
        return (
            f"{more} {listed} a year: cash goes out again later, so read the present "
            "value."
        )
    words = RATES[reason]
    return words[0].upper() + words[1:] + "."


def _rule(study: dict[str, Any], place: int, own: str, rival: str) -> str | None:
    has, needs = float(study["rule_has"][place]), float(study["rule_needs"][place])
    if not math.isfinite(has):
        return None
    if not math.isfinite(needs):
        return (
            f"Two-for-two: {own} lowers no cost once its design is left out, so no "
            "volume carries the design."
        )
    verdict = "holds" if has >= needs else "does not hold"
    return (
        f"Two-for-two {verdict}: what {rival} costs is {quantity_text(has, 2)} times "
        f"what is put in; the saving asks for {quantity_text(needs, 2)} times."
    )
