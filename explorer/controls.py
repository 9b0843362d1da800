"""Which controls the page shows, in which order, and what each says about itself."""

from __future__ import annotations

from typing import Any

import param

from breakeven import presets
from breakeven.explorer import documents
from breakeven.explorer.session import UPLOADED, Session
from breakeven.explorer.state import scenario_title
from breakeven.explorer.wording import group_title, input_title
from breakeven.models.base import Evidence, Group

Spec = dict[str, Any]

ACQUISITION = {
    "buy": "Buy",
    "build": "Build",
    "rent": "Rent",
    "commit_1yr": "1 yr",
    "commit_3yr": "3 yr",
}
ACQUISITION_DOC = {
    "buy": "Bought at the market price",
    "build": "Own design: one-off costs (NRE) plus unit cost",
    "rent": "Rented on demand, by the busy hour",
    "commit_1yr": "Rented under a 1-year commitment",
    "commit_3yr": "Rented under a 3-year commitment",
}
PRICE = {
    "buy": "Price of a chip",
    "build": "Unit cost of a chip",
    "rent": "Rent of a chip",
    "commit_1yr": "Rent, 1 year",
    "commit_3yr": "Rent, 3 years",
}
PRECISION = {"bf16": "BF16", "fp8": "FP8", "fp4": "FP4", "int8": "INT8"}
SHARED = (
    ("site.electricity_price", "Electricity price"),
    ("site.pue", "PUE"),
    ("finance.discount_rate", "Discount rate"),
    ("finance.life", "Useful life"),
    ("finance.deployment_period", "Deployment period"),
    ("finance.horizon", "Horizon"),
)


def sections(session: Session) -> list[Spec]:
    """All controls of a session, section by section."""
    scenario = session.scenario
    shown = [_question(session)]
    shown += [_option(session, i, key) for i, key in enumerate(scenario.options)]
    site = [number(session, name, label, label) for name, label in SHARED]
    shown.append(
        {
            "title": "Site and finance",
            "controls": [
                _picker("site", "Site", "sites", scenario.presets.get("site")),
                *site,
            ],
        }
    )
    used = {c["name"] for section in shown for c in section["controls"]}
    used |= {scenario.resolve(f"{key}.price") for key in scenario.options}
    shown.append(
        {"title": "All inputs", "controls": [], "groups": _rest(session, used)}
    )
    for section in shown:
        inner = [c for group in section.get("groups", []) for c in group["controls"]]
        for control in [*section["controls"], *inner]:
            if control["kind"] == "choice":
                control["fallback"] = session.before(control["name"])
    return shown


def _question(session: Session) -> Spec:
    scenario = session.scenario
    names = documents.scenario_names()
    choices = [{"value": n, "label": scenario_title(n)} for n in names]
    if scenario.name not in names:
        choices.insert(0, {"value": scenario.name, "label": scenario.title})
    model = _picker("llm", "Model", "llms", scenario.presets.get("llm"))
    if session.model:
        model["value"] = UPLOADED
        model["choices"].insert(0, {"value": UPLOADED, "label": session.model})
    return {
        "title": "Question",
        "first": True,
        "controls": [
            choice("scenario", "Scenario", scenario.name, choices),
            _picker(
                "workload", "Workload", "workloads", scenario.presets.get("workload")
            ),
            *([] if scenario.workload.kind == "cpu" else [model]),
        ],
    }


def _option(session: Session, index: int, key: str) -> Spec:
    groups = session.scenario.options[key]
    option, label = groups.option, groups.option.label
    own = [
        _picker(
            f"{key}.chip", "Chip", "chips", groups.chip_name, f"{label} chip preset"
        ),
        number(session, f"{key}.count", "Chips", f"{label} chips"),
        number(session, f"{key}.utilisation", "Utilisation", f"{label} utilisation"),
        choice(
            f"{key}.acquisition",
            "How it is acquired",
            option.acquisition,
            [{"value": k, "label": v} for k, v in ACQUISITION.items()],
            aria=f"{label} acquisition",
            segments=True,
            titles=ACQUISITION_DOC,
        ),
        number(session, f"{key}.price", PRICE[option.acquisition], f"{label} price"),
    ]
    if option.acquisition == "build":
        own.append(number(session, f"{key}.chip.nre", "NRE (one-off)", f"{label} NRE"))
    if session.scenario.workload.kind != "cpu":
        own.append(
            choice(
                f"{key}.precision",
                "Precision",
                option.precision,
                [{"value": k, "label": v} for k, v in PRECISION.items()],
                aria=f"{label} precision",
                segments=True,
            )
        )
    kind = (
        presets.label("chips", groups.chip_name).vendor
        if groups.chip_name in _names("chips")
        else ""
    )
    return {"title": label, "option": index, "note": kind, "controls": own}


def _rest(session: Session, used: set[str]) -> list[Spec]:
    found = []
    for prefix, group in session.scenario.groups().items():
        controls = []
        title = group_title(session.scenario, prefix)
        for name in group.param.objects("existing"):
            dotted = f"{prefix}.{name}"
            if name == "name" or dotted in used:
                continue
            aria = f"{input_title(dotted)} ({title})"
            if name in group.quantities():
                controls.append(number(session, dotted, input_title(dotted), aria))
            elif isinstance(group.param[name], param.Selector):
                objects = [str(o) for o in group.param[name].objects]
                controls.append(
                    choice(
                        dotted,
                        input_title(dotted),
                        getattr(group, name),
                        [{"value": o, "label": o} for o in objects],
                        aria=aria,
                    )
                )
        if controls:
            found.append({"title": title, "controls": controls})
    return found


def number(session: Session, name: str, label: str, aria: str) -> Spec:
    """Control of one quantity: range, scale, evidence, preset value."""
    scenario = session.scenario
    dotted = scenario.resolve(name)
    prefix, _, last = dotted.rpartition(".")
    group = scenario.groups()[prefix]
    parameter, value = group.param[last], getattr(group, last)
    evidence = scenario.evidence.get(dotted)
    if evidence is None:
        evidence = (
            Evidence("absent", note="not published") if value is None else Evidence()
        )
    fallback = session.fallback(name)
    slider, log = _slider(group, last, value)
    bounds = parameter.bounds or (None, None)
    return {
        "kind": "number",
        "name": name,
        "label": label,
        "aria": aria,
        "unit": group.unit(last),
        "bounds": list(bounds),
        "slider": slider,
        "log": log,
        "doc": parameter.doc or "",
        "value": value,
        "fallback": fallback,
        "evidence": {
            "status": evidence.status,
            "source": evidence.source,
            "date": evidence.date,
            "note": evidence.note,
            "low": evidence.low,
            "high": evidence.high,
        },
    }


def _slider(group: Group, name: str, value: float | None) -> tuple[list[float], bool]:
    """Ends of a slider, the present value included, and whether it is in logs."""
    parameter = group.param[name]
    low, high = parameter.softbounds or (None, None)
    log = bool(parameter.metadata.get("log"))
    if low is None or high is None:
        low, high = 0.0, 10 * (value or 1.0)
    if value is not None:
        low, high = min(low, value), max(high, value)
    return [float(low), float(high)], log and low > 0


def choice(
    name: str,
    label: str,
    value: Any,
    choices: list[Spec],
    *,
    aria: str = "",
    segments: bool = False,
    titles: dict[str, str] | None = None,
) -> Spec:
    """Control of one choice."""
    return {
        "kind": "choice",
        "name": name,
        "label": label,
        "aria": aria or label,
        "value": value,
        "fallback": value,
        "choices": choices,
        "segments": segments,
        "titles": titles or {},
        "keep": True,
    }


def _names(table: str) -> tuple[str, ...]:
    return presets.names(table) if table in presets.table_names() else ()


def _picker(
    name: str, label: str, table: str, value: str | None, aria: str = ""
) -> Spec:
    """Choice among the presets of a table, by vendor where vendors are known."""
    choices = []
    for preset in _names(table):
        said = presets.label(table, preset)
        choices.append({"value": preset, "label": said.label, "group": said.vendor})
    if value not in [c["value"] for c in choices]:
        choices.insert(0, {"value": value or "", "label": value or "own figures"})
    return choice(name, label, value, choices, aria=aria)
