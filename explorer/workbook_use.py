"""The lines of a workbook on use: how busy a chip is, what is billed, as it rises."""

from __future__ import annotations

from breakeven.explorer.workbook_lines import Line

BUSY = "utilisation * availability"
BUSY_WEEK = "mean_served(utilisation, load_shape) * availability"

_BILLED = {
    "rent": "{busy} + (1 - {busy}) * idle_billed",
    "spot": "({busy} + (1 - {busy}) * idle_billed) * (1 + rework)",
    "block": "1",
    "commit_1yr": "max({busy}, committed_share)",
    "commit_3yr": "max({busy}, committed_share)",
}


def by_acquisition(formulas: dict[str, str], other: str) -> str:
    """Formula that depends on how the chips are acquired."""
    for acquisition, formula in reversed(formulas.items()):
        other = f"where(acquisition == '{acquisition}', {formula}, {other})"
    return other


def billed(busy: str) -> str:
    """Formula of the share of hours billed at a share of hours busy."""
    return by_acquisition({n: f.format(busy=busy) for n, f in _BILLED.items()}, "0")


def used() -> tuple[Line, ...]:
    """Use over the life over that in the end, where it rises at first."""
    return (
        Line(
            "use_start",
            "Use in the first month over that in the end",
            "1",
            "1 - first(lacking)",
            look="exact",
        ),
        Line(
            "use_mean",
            "Mean use over the life over that in the end, discounted",
            "1",
            "1 - dot(lacking, ramp_weight)",
            look="exact",
        ),
        Line(
            "busy_life",
            "Share of hours at work over the life",
            "1",
            "busy * (1 - dot(lacking, ramp_life))",
            look="exact",
        ),
        Line(
            "reached",
            "Work of one chip, used as asked",
            "{work}/month",
            "token_rate * busy * seconds_per_hour * hours_per_month / work_size",
            look="exact",
        ),
        Line(
            "work",
            "Work of one chip, discounted mean over its life",
            "{work}/month",
            "reached * use_mean",
            look="exact",
        ),
    )


def not_billed() -> Line:
    """Column of the hours that are not billed yet, by month of age."""

    def less(busy: str) -> str:
        return f"{billed(busy)} - {billed(f'{busy} * (1 - lacking)')}"

    week = ("load_shape", less(BUSY_WEEK))
    return Line("unbilled", "Hours not billed, share", "1", less(BUSY), given=week)


def hired() -> tuple[Line, ...]:
    """Share of hours billed, in the end and over the life."""
    return (
        Line(
            "billed_end",
            "Share of hours billed when rented and used as asked",
            "1",
            billed("busy"),
            look="exact",
        ),
        Line(
            "billed",
            "Share of hours billed, discounted mean over the life",
            "1",
            "billed_end - dot(unbilled, ramp_weight)",
            look="exact",
        ),
    )


def in_the_end() -> tuple[Line, ...]:
    """Cash of a month once the chip is used as asked, and how it follows use."""
    price = "hours_per_month * site.electricity_price / 1000"
    return (
        Line(
            "use_cash",
            "of which, used as asked, follows use",
            "USD/month",
            f"where(owned, use_power * busy * {price}, where(hosted, reached "
            "* work_size / 1000000 * price_paid, 0))",
            look="exact",
        ),
        Line(
            "billed_cash",
            "Rent of a month, every hour billed",
            "USD/month",
            "where(either(owned == 1, hosted == 1), 0, price_paid * hours_per_month)",
            look="exact",
        ),
        Line(
            "running_end",
            "Paid in cash each month once used as asked",
            "USD/month",
            "running + use_cash * (1 - use_mean) + billed_cash * (billed_end - billed)",
            look="exact",
        ),
    )
