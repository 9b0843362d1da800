"""Which controls the page shows, in which order, and what each says about itself."""

from __future__ import annotations

from collections.abc import Sequence

import param

from breakeven import presets
from breakeven.explorer import documents
from breakeven.explorer.dials import Spec, choice, control, number, picker, preset_names
from breakeven.explorer.old_fleet import PICK, old_chip
from breakeven.explorer.session import UPLOADED, Session
from breakeven.explorer.state import scenario_shelf, scenario_title
from breakeven.explorer.wording import group_title, input_title
from breakeven.models.scenario import settable

ACQUISITION = {
    "buy": "Buy",
    "build": "Build",
    "rent": "Rent",
    "spot": "Spot",
    "block": "Block",
    "commit_1yr": "1 yr",
    "commit_3yr": "3 yr",
    "api": "API",
}
ACQUISITION_DOC = {
    "buy": "Bought at the market price",
    "build": "Own design: one-off costs (NRE) plus unit cost",
    "rent": "Rented on demand, by the busy hour",
    "spot": "Rented at the spot price: cheap, may be taken away",
    "block": "Rented for a block of days to months, paid in advance",
    "commit_1yr": "Rented under a 1-year commitment",
    "commit_3yr": "Rented under a 3-year commitment",
    "api": "Not this chip: tokens of the same model bought from a host",
}
PRICE = {
    "buy": "Price of a chip",
    "build": "Unit cost of a chip",
    "rent": "Rent of a chip",
    "spot": "Spot rent of a chip",
    "block": "Rent, capacity block",
    "commit_1yr": "Rent, 1 year",
    "commit_3yr": "Rent, 3 years",
    "api": "Price of output tokens",
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


def sections(
    session: Session, title: str = "", inputs: Sequence[str] = ()
) -> list[Spec]:
    """All controls of a session, section by section.

    ``title`` and ``inputs`` are those of the view that is open: its own controls come
    before the options.
    """
    scenario = session.scenario
    shown = [_question(session)]
    if own := _own(session, inputs):
        shown.append({"title": title, "note": "this view", "controls": own})
    shown += [_option(session, i, key) for i, key in enumerate(scenario.options)]
    site = [number(session, name, label, label) for name, label in SHARED]
    shown.append(
        {
            "title": "Site and finance",
            "controls": [
                picker("site", "Site", "sites", scenario.presets.get("site")),
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
        for spec in [*section["controls"], *inner]:
            if spec["kind"] == "choice":
                spec["fallback"] = session.before(spec["name"])
    return shown


def _question(session: Session) -> Spec:
    scenario = session.scenario
    names = documents.scenario_names()
    choices = [
        {"value": n, "label": scenario_title(n), "group": scenario_shelf(n)}
        for n in names
    ]
    if scenario.name not in names:
        choices.insert(0, {"value": scenario.name, "label": scenario.title})
    model = picker("llm", "Model", "llms", scenario.presets.get("llm"))
    if session.model:
        model["value"] = UPLOADED
        model["choices"].insert(0, {"value": UPLOADED, "label": session.model})
    return {
        "title": "Question",
        "first": True,
        "text": " ".join(scenario.description.split()),
        "controls": [
            choice("scenario", "Scenario", scenario.name, choices),
            picker(
                "workload", "Workload", "workloads", scenario.presets.get("workload")
            ),
            *([] if scenario.workload.kind == "cpu" else [model]),
        ],
    }


def _option(session: Session, index: int, key: str) -> Spec:
    groups = session.scenario.options[key]
    option, label = groups.option, groups.option.label
    own = [
        picker(
            f"{key}.chip", "Chip", "chips", groups.chip_name, f"{label} chip preset"
        ),
        number(session, f"{key}.count", "Chips", f"{label} chips"),
        *_used(session, key),
        choice(
            f"{key}.acquisition",
            "How it is acquired",
            option.acquisition,
            [{"value": k, "label": v} for k, v in ACQUISITION.items()],
            aria=f"{label} acquisition",
            segments=True,
            titles=ACQUISITION_DOC,
        ),
    ]
    own += _prices(session, key)
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
        if groups.chip_name in preset_names("chips")
        else ""
    )
    return {"title": label, "option": index, "note": kind, "controls": own}


def _used(session: Session, key: str) -> list[Spec]:
    """How busy the chips are, and how long it takes until they are."""
    label = session.scenario.options[key].option.label
    ramp = input_title("ramp_period")
    return [
        number(session, f"{key}.utilisation", "Utilisation", f"{label} utilisation"),
        number(session, f"{key}.ramp_period", ramp, f"{label} {ramp.lower()}"),
    ]


def _prices(session: Session, key: str) -> list[Spec]:
    """Price in use and NRE; a chip that is costed as it is made has neither to set."""
    option = session.scenario.options[key].option
    label, built = option.label, option.acquisition == "build"
    if built and option.cost_basis == "made":
        return []
    price = PRICE[option.acquisition]
    own = [number(session, f"{key}.price", price, f"{label} price")]
    if built:
        own.append(number(session, f"{key}.chip.nre", "NRE (one-off)", f"{label} NRE"))
    return own


def _own(session: Session, inputs: Sequence[str]) -> list[Spec]:
    """Controls of a view; {option} stands for each option, {first} and {last} for one.

    Names that the present scenario does not have are left out.
    """
    scenario, found = session.scenario, []
    keys = list(scenario.options)
    for template in inputs:
        each = keys if "{option}" in template else keys[:1]
        for key in each:
            name = template.format(option=key, first=keys[0], last=keys[-1])
            if name == PICK:
                own = old_chip(scenario)
                found.append(picker(PICK, "Old fleet", "chips", own))
                continue
            prefix, _, last = name.rpartition(".")
            group = scenario.groups().get(prefix)
            if group is None or last not in settable(group):
                continue
            said = f"{scenario.options[key].option.label}: " if len(each) > 1 else ""
            label = said + input_title(name)
            found.append(control(session, name, label, label))
    return found


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
            if name in group.quantities() or isinstance(
                group.param[name], param.Selector
            ):
                controls.append(control(session, dotted, input_title(dotted), aria))
        if controls:
            found.append({"title": title, "controls": controls})
    return found
