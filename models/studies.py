"""Every study there is, by the name that its inputs and results go under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from breakeven.models.base import Group, unknown_name
from breakeven.models.study import Context, Finding, Study, found

_ALL: tuple[Study, ...] = ()
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
        prefix: study.group()
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
