"""What the studies of a scenario found, in words: a sentence or two for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from breakeven.explorer import (
    agent_words,
    anchor_words,
    deal_words,
    decided,
    markup_words,
    money_words,
    retired,
    silicon_words,
    site_words,
    terms_words,
    volume_words,
)
from breakeven.models.results import Results, plain
from breakeven.models.scenario import Scenario
from breakeven.models.studies import STUDIES
from breakeven.models.study import Output

Said = Callable[[Scenario, Results], list[str]]

# Sentences of a study from results that hold it (one draw), by name of the study.
SAID: dict[str, Said] = {
    "agent": agent_words.agents,
    "carbon": agent_words.carbon,
    "deal": deal_words.said,
    "passthrough": agent_words.falling_prices,
    "retirement": retired.retirement,
    "fleet": site_words.fleet,
    "port": decided.port,
    "ramp": site_words.ramp,
    "supply": decided.supply,
    "training_run": decided.training_run,
    "useful_life": decided.useful_life,
    "silicon": silicon_words.silicon,
    "worth": money_words.worth,
    "returns": money_words.returns,
    "breakeven": terms_words.breakeven,
    "terms": terms_words.terms,
    "floor": terms_words.floor,
    "margin": terms_words.margin,
    "volume": volume_words.volume,
    "anchor": anchor_words.anchor,
    "markup": markup_words.markup,
}


def said(scenario: Scenario, results: Results, names: Iterable[str]) -> list[str]:
    """Sentences of the studies named, in their order. [text]."""
    return [
        line
        for name in names
        if name in SAID and name in results.studies
        for line in SAID[name](scenario, results)
    ]


def report(scenario: Scenario, names: Iterable[str] = ()) -> str:
    """What studies say, each under its title: those named, or all of them. [text].

    Raises
    ------
    KeyError
        When there is no such study; near names are offered.
    """
    asked = tuple(names) or tuple(STUDIES)
    results = scenario.evaluate(studies=asked)
    blocks = []
    for name in asked:
        if lines := [line for line in said(scenario, results, [name]) if line]:
            head = f"{STUDIES[name].title} ({name})"
            blocks.append("\n".join([head, "-" * len(head), *lines]))
    return "\n\n".join(blocks)


def to_json(scenario: Scenario, results: Results) -> dict[str, Any]:
    """Every study that was evaluated: sentences, and outputs with unit and label."""
    return {
        name: {
            "title": STUDIES[name].title,
            "said": said(scenario, results, [name]),
            "outputs": {
                key: {
                    "label": output.label,
                    "unit": results.filled(output.unit),
                    "axis": output.axis or None,
                    "by_option": output.by_option,
                    "value": worded(finding[key], output),
                }
                for key, output in finding.outputs.items()
            },
        }
        for name, finding in results.studies.items()
    }


def worded(values: Any, output: Output) -> Any:
    """Values as JSON knows them; codes as the words that they stand for."""
    if not output.words:
        return plain(values)
    codes = np.asarray(values).astype(int)
    words = np.asarray(output.words, dtype=object)[codes]
    return np.asarray(words, dtype=object).tolist()
