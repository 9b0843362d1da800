"""The kinds of file that a scenario becomes, by suffix: one list for menu and command.

What makes a kind is brought in when that kind is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from breakeven.models.scenario import Scenario


@dataclass(frozen=True)
class Kind:
    """One kind of file: suffix, words, media type, and where its maker is.

    ``maker`` is a module and a function; ``viewed`` when it shows one view.
    """

    suffix: str
    label: str
    media: str
    maker: tuple[str, str]
    viewed: bool = False


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    kind.suffix: kind
    for kind in (
        Kind("html", "Page to send (HTML)", "text/html", ("snapshot", "to_html")),
        Kind("xlsx", "Workbook (Excel)", _SHEET, ("workbook", "to_xlsx")),
        Kind("pdf", "One-page brief (PDF)", "application/pdf", ("brief", "to_pdf")),
        Kind("png", "Picture (PNG)", "image/png", ("pictures", "to_png"), True),
        Kind("svg", "Picture (SVG)", "image/svg+xml", ("pictures", "to_svg"), True),
        Kind("csv", "Curves (CSV)", "text/csv", ("export", "to_csv")),
        Kind(
            "parquet",
            "Curves (Parquet)",
            "application/vnd.apache.parquet",
            ("export", "to_parquet"),
        ),
        Kind(
            "json",
            "Inputs and results (JSON)",
            "application/json",
            ("export", "to_json"),
        ),
        Kind("toml", "Scenario file (TOML)", "application/toml", ("export", "to_toml")),
        Kind("py", "Python that makes this", "text/x-python", ("snippet", "to_python")),
    )
}


def of(path: Path) -> str:
    """Kind of file of a path.

    Raises
    ------
    ValueError
        When its suffix is of no known kind.
    """
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in KINDS:
        near = get_close_matches(suffix, KINDS, 1, 0.5)
        hint = f"; near: .{near[0]}" if near else ""
        known = ", ".join(f".{name}" for name in KINDS)
        said = f"suffix {path.suffix!r} must be one of {known}"
        raise ValueError(f"{path.name}: {said}{hint}")
    return suffix


def made(scenario: Scenario, suffix: str, view: str = "") -> bytes:
    """Content of one file of a scenario.

    Raises
    ------
    KeyError, ValueError
        When the view is not known, or the kind cannot be made here.
    """
    kind = KINDS[suffix]
    module, function = kind.maker
    maker = getattr(import_module(f"breakeven.explorer.{module}"), function)
    if view and not kind.viewed:
        raise ValueError(f"a .{suffix} file shows no single view: {view!r} is for "
                         "pictures")  # fmt: skip
    content = maker(scenario, view) if view else maker(scenario)
    return content if isinstance(content, bytes) else str(content).encode()
