"""Every study there is, by the name that its inputs and results go under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from breakeven.models.agent_study import AGENT
from breakeven.models.anchor_study import ANCHOR
from breakeven.models.base import Group, unknown_name
from breakeven.models.breakeven_study import BREAKEVEN
from breakeven.models.carbon_study import CARBON
from breakeven.models.deal_study import DEAL
from breakeven.models.fleet_ramp import RAMP
from breakeven.models.fleet_study import ALLOCATION, FLEET
from breakeven.models.floor_study import FLOOR
from breakeven.models.map_study import MAP
from breakeven.models.margin_study import MARGIN
from breakeven.models.markup_study import MARKUP
from breakeven.models.pass_through import PASS_THROUGH
from breakeven.models.payoff import RETURNS
from breakeven.models.port_study import PORT
from breakeven.models.retirement_study import RETIREMENT
from breakeven.models.silicon_study import SILICON
from breakeven.models.study import Context, Finding, Study, found
from breakeven.models.supply_study import SUPPLY
from breakeven.models.terms_study import TERMS
from breakeven.models.training_run_study import TRAINING_RUN
from breakeven.models.useful_life_study import USEFUL_LIFE
from breakeven.models.volume_study import VOLUME
from breakeven.models.worth_study import WORTH

_ALL: tuple[Study, ...] = (
    SILICON,
    VOLUME,
    ANCHOR,
    MARKUP,
    AGENT,
    CARBON,
    DEAL,
    PASS_THROUGH,
    RETIREMENT,
    PORT,
    SUPPLY,
    TRAINING_RUN,
    USEFUL_LIFE,
    WORTH,
    RETURNS,
    FLEET,
    ALLOCATION,
    BREAKEVEN,
    TERMS,
    FLOOR,
    MARGIN,
    RAMP,
    MAP,
)
STUDIES = {study.name: study for study in _ALL}


def groups(options: Mapping[str, Any]) -> dict[str, Group]:
    """A new group of inputs for each study, by prefix. [mixed].

    Parameters
    ----------
    options
        Options of the scenario by key. [mixed]

    References
    ----------
    Own definition.
    """
    return {
        prefix: study.made(prefix)
        for study in STUDIES.values()
        for prefix in study.prefixes(options)
    }


def named(names: Iterable[str]) -> list[Study]:
    """Studies of names. [choice].

    Parameters
    ----------
    names
        Names of studies; near ones are offered for one that is not known. [text]

    Raises
    ------
    KeyError
        When there is no such study.

    References
    ----------
    Own definition.
    """
    for name in names:
        if name not in STUDIES:
            raise unknown_name("study", name, STUDIES)
    return [STUDIES[name] for name in names]


def used(
    options: Mapping[str, Any], asked: Iterable[str], given: Iterable[str] = ()
) -> tuple[str, ...]:
    """Prefixes of the studies' inputs that an evaluation reads. [text].

    Those of the studies asked for and of the studies they need, of the inputs given,
    and of each option whose chip is costed as it is made.

    Parameters
    ----------
    options
        Options of the scenario by key. [mixed]
    asked
        Names of studies. [text]
    given
        Dotted names of inputs that are replaced. [text]

    Raises
    ------
    KeyError
        When there is no such study.

    References
    ----------
    Own definition.
    """
    found = [name.rpartition(".")[0] for name in given]
    for study in named(asked):
        for each in (study, *named(study.needs)):
            found += each.prefixes(options)
    made = [key for key, o in options.items() if o.option.cost_basis == "made"]
    found += [f"{key}.{SILICON.name}" for key in made]
    return tuple(dict.fromkeys(found))


def findings(names: Iterable[str], context: Context) -> dict[str, Finding]:
    """Outputs of the studies that were asked for, by name. [mixed].

    Parameters
    ----------
    names
        Names of studies. [text]
    context
        What a study may use. [mixed]

    Raises
    ------
    KeyError
        When there is no such study.

    References
    ----------
    Own definition.
    """
    return {study.name: found(study, context) for study in named(names)}
