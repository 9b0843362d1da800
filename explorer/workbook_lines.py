"""What a line of a workbook is, and the lines on money, power and volume."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One named line: name, words, unit, formula and look of the number.

    ``field`` is the field of Results that it must equal; ``{work}`` in the unit is the
    unit of work. ``given`` is a name of an option and the formula to use where it has
    that name: a table in place of a single number.
    """

    name: str
    label: str
    unit: str
    formula: str
    field: str = ""
    look: str = "number"
    strong: bool = False
    given: tuple[str, str] | None = None


@dataclass(frozen=True)
class Section:
    """A heading and its lines."""

    title: str
    lines: tuple[Line, ...]


SHARED = Section(
    "Money and time",
    (
        Line(
            "monthly_rate",
            "Rate per month",
            "1/month",
            "(1 + finance.discount_rate) ** (1 / months_per_year) - 1",
            look="exact",
        ),
        Line("life_months", "Life", "month", "finance.life * months_per_year"),
        Line(
            "recovery",
            "Capital recovery factor",
            "1/month",
            "where(abs(monthly_rate) < 1e-9, 1 / life_months, "
            "monthly_rate / (1 - (1 + monthly_rate) ** -life_months))",
            look="exact",
        ),
    ),
)

RESALE = (
    Line(
        "residual",
        "Resale value at the end of life, share of the purchase",
        "1",
        "finance.residual_value",
        look="exact",
        given=("quote_ages", "interpolated(life_months, quote_ages, quote_values)"),
    ),
    Line(
        "kept",
        "Share of a purchase that its resale does not bring back, present value",
        "1",
        "1 - residual * (1 + monthly_rate) ** -life_months",
        look="exact",
    ),
)

POWER = (
    Line(
        "busy_power",
        "Power while busy, share of TDP",
        "1",
        "where(hosted, na(), chip.idle_power + (chip.ceiling - chip.idle_power) "
        "* (1 - exp(-(chip.base_rise + chip.memory_rise * memory_load "
        "+ chip.compute_rise * compute_load))))",
        "busy_power",
        "exact",
    ),
    Line(
        "chip_power",
        "Mean power of a chip",
        "W",
        "where(hosted, na(), chip.tdp * (busy_life * busy_power + (1 - busy_life) "
        "* chip.idle_power))",
        "chip_power",
    ),
    Line(
        "it_power",
        "Mean IT power, host and network included",
        "W",
        "chip_power + chip.host_power + chip.network_power",
        "it_power",
    ),
    Line(
        "facility_power",
        "Mean power at the meter",
        "W",
        "it_power * site.pue",
        "facility_power",
    ),
    Line(
        "use_power",
        "What use adds to it: all hours busy over all hours idle",
        "W",
        "where(hosted, na(), chip.tdp * (busy_power - chip.idle_power) * site.pue)",
    ),
    Line(
        "provisioned_power",
        "IT power provisioned",
        "kW",
        "where(hosted, na(), (chip.tdp + chip.host_power + chip.network_power) / 1000)",
        look="exact",
    ),
)

VOLUME = (
    Line(
        "variable_cost",
        "Levelised cost without one-off costs",
        "USD/{work}",
        "cost_per_token - cost.NRE",
        look="exact",
    ),
    Line(
        "margin",
        "Saved by one chip per month before one-off costs",
        "USD/month",
        "(ref.cost_per_token - variable_cost) * work",
        look="exact",
    ),
    Line(
        "breakeven_volume",
        "Chips that earn the one-off costs back",
        "chip",
        "where(margin > 0, one_off * recovery / margin, 'never')",
        "breakeven_volume",
        strong=True,
    ),
)

_FIRST, _LAST = "min(ramp_age - 1, ramp_period)", "min(ramp_age, ramp_period)"
# Columns over the months of age; what depends on the option has the option's name.
RAMP = (
    Line(
        "ramp_weight",
        "Weight in a level cost",
        "1",
        "where(abs(monthly_rate) < 1e-9, min(ramp_age, life_months) "
        "- min(ramp_age - 1, life_months), ((1 + monthly_rate) ** "
        "-min(ramp_age - 1, life_months) - (1 + monthly_rate) ** "
        "-min(ramp_age, life_months)) / monthly_rate) * recovery",
    ),
    Line(
        "ramp_life",
        "Share of the life",
        "1",
        "(min(ramp_age, life_months) - min(ramp_age - 1, life_months)) / life_months",
    ),
)
RAMP_EACH = (
    Line(
        "not_asked",
        "Demand lacking, share of that in the end",
        "1",
        f"(1 - ramp_start) * ({_LAST} - {_FIRST}) * (1 - ({_FIRST} + {_LAST}) "
        "/ (2 * where(ramp_period > 0, ramp_period, 1)))",
    ),
    Line(
        "lacking",
        "Use lacking, share of that in the end",
        "1",
        "not_asked",
        given=(
            "load_shape",
            "1 - mean_served(utilisation * (1 - not_asked), load_shape) "
            "/ mean_served(utilisation, load_shape)",
        ),
    ),
)
