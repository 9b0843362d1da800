"""Own or rent, price floor, margin and break-even in sentences."""

from __future__ import annotations

import math

from breakeven.explorer.money_words import percent
from breakeven.explorer.words import money, quantity_text
from breakeven.models.breakeven_study import UNKNOWN
from breakeven.models.results import Results
from breakeven.models.scenario import Scenario
from breakeven.models.terms_study import CHEAPEST, RENTED, WORDS

SHORT = {
    "rent": "on demand",
    "spot": "spot",
    "block": "capacity blocks",
    "commit_1yr": "a 1-year commitment",
    "commit_3yr": "a 3-year commitment",
    "api": "a hosted API",
}


def terms(scenario: Scenario, results: Results) -> list[str]:
    """Cheapest terms of each option now, and where owning breaks even."""
    found = []
    study = results.studies["terms"]
    for place, label in enumerate(results.labels):
        best = CHEAPEST[int(study["cheapest"][place])]
        if best not in WORDS:
            found.append(f"{label}: no terms have a price.")
            continue
        cost = money(float(study[f"now_{best}"][place]))
        said = f"{label} costs least when {WORDS[best]}: {cost} "
        said += f"per {results.work_label}."
        found.append(f"{said} {_owning(results, place)}".strip())
    return found


def _owning(results: Results, place: int) -> str:
    """What owning has to be compared with, sorted by the answer."""
    study = results.studies["terms"]
    even, always, never = [], [], []
    for kind in RENTED:
        reason = int(study[f"even_{kind}_reason"][place])
        if reason == 0:
            share = percent(float(study[f"even_{kind}"][place]))
            even.append(f"{SHORT[kind]} from {share} utilisation")
        elif reason < 3:
            (always if reason == 1 else never).append(SHORT[kind])
    parts = []
    if even:
        parts.append(f"beats {', '.join(even)}")
    if always:
        parts.append(f"beats {', '.join(always)} at any utilisation")
    if never:
        parts.append(f"never beats {', '.join(never)}")
    return f"Owning {'; '.join(parts)}." if parts else ""


def floor(scenario: Scenario, results: Results) -> list[str]:
    """Lowest price of each option, and what tokens cost apart."""
    found = []
    study = results.studies["floor"]
    for place, label in enumerate(results.labels):
        lowest = float(study["floor"][place])
        if not math.isfinite(lowest):
            found.append(f"{label}: no floor, a cost is not known.")
            continue
        said = f"{label} has to charge {money(lowest)} per {results.work_label}"
        entry, output = (float(study[n][place]) for n in ("input", "output"))
        if math.isfinite(output):
            said += f", or {money(output)} for output"
            if math.isfinite(entry):
                said += f" and {money(entry)} per million prompt tokens not cached"
        running = money(float(study["cash_floor"][place]))
        found.append(f"{said}; below {running} it does not cover its running costs.")
    price = float(study["hosted"][0])
    if math.isfinite(price):
        found.append(
            f"A hosted API asks {money(price)} for the same mix of tokens "
            "(list price, prompts included)."
        )
    return found


def margin(scenario: Scenario, results: Results) -> list[str]:
    """Margin now, and the utilisations below which money is lost."""
    found = []
    study = results.studies["margin"]
    source = study.outputs["price_source"].words[int(study["price_source"])]
    price = float(study["price"])
    if not math.isfinite(price):
        return ["No price is known to set against the costs."]
    for place, label in enumerate(results.labels):
        share = float(study["margin_now"][place])
        if not math.isfinite(share):
            found.append(f"{label}: no margin, a cost is not known.")
            continue
        verb = "keeps" if share >= 0 else "loses"
        said = f"At {money(price)} per {results.work_label} ({source}) {label} {verb} "
        said += f"{percent(abs(share))} of the price. "
        found.append(said + _least(results, place))
    return found


def _least(results: Results, place: int) -> str:
    study = results.studies["margin"]
    texts = []
    for name, what in (("zero", "all costs"), ("debt", "running costs and debt")):
        reason = int(study[f"{name}_reason"][place])
        least = float(study[f"{name}_now"][place])
        if reason == 0:
            texts.append(f"{what} from {percent(least)} utilisation")
        elif reason == 1:
            texts.append(f"{what} at any utilisation")
        else:
            texts.append(f"{what} at none")
    return f"It covers {' and '.join(texts)}."


def breakeven(scenario: Scenario, results: Results) -> list[str]:
    """Price and utilisation at which an option costs what the reference does."""
    found = []
    study = results.studies["breakeven"]
    rival = results.labels[-1]
    for place, own in enumerate(results.labels[:-1]):
        texts: list[str] = []
        if int(study["month_reason"][place]) == UNKNOWN:
            found.append(f"{own} against {rival}: no break-even, a cost is not known.")
            continue
        if int(study["price_reason"][place]) == 0:
            factor = quantity_text(float(study["price_factor"][place]), 3)
            texts.append(f"the price of {own} were {factor} times what it is")
        if int(study["rival_reason"][place]) == 0:
            factor = quantity_text(float(study["rival_factor"][place]), 3)
            were = f"that of {rival}" if texts else f"the price of {rival} were"
            end = "" if texts else " what it is"
            texts.append(f"{were} {factor} times{end}")
        if int(study["utilisation_reason"][place]) == 0:
            share = percent(float(study["utilisation"][place]))
            texts.append(f"{own} were busy {share} of the time")
        if texts:
            found.append(
                f"{own} and {rival} would cost the same if {', or '.join(texts)}."
            )
        else:
            found.append(f"No price or utilisation makes {own} cost what {rival} does.")
    return found
