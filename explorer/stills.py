"""The words and tables of a page as plain HTML, for readers without JavaScript.

The twin of the renderers in unpack.js: from the same entries of a layout and the same
arrays it writes the same text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import Any

from numpy.typing import NDArray

from breakeven.explorer import wire

NONE = "–"
_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"), (1.0, ""))
_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_ROWS = 13

Layout = dict[str, Any]
Numbers = NDArray[Any]


def _fixed(value: float, places: int) -> str:
    """Decimal text, halves away from zero as a browser rounds them."""
    step = Decimal(1).scaleb(-places)
    return f"{Decimal(value).quantize(step, ROUND_HALF_UP):f}"


def digits(value: float, figures: int = 3) -> str:
    """A number to some significant figures."""
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e-3:
        mantissa, _, power = f"{value:.1e}".partition("e-")
        return f"{mantissa}e−{int(power)}"
    # after rounding: 99.95 is 100, not 100.0
    whole = math.floor(math.log10(float(f"{size:.{figures - 1}e}"))) + 1
    return _fixed(value, max(0, min(figures - whole, 5)))


def compact(value: float) -> str:
    """A number with k, M, B or T."""
    if not math.isfinite(value):
        return NONE
    scale, suffix = next(
        (size, name)
        for size, name in _SCALES
        if abs(value) >= size * (1 - 0.5e-3) or size == 1
    )
    text = digits(value / scale).replace("-", "−")
    return f"{text} {suffix}" if suffix else text


def _usd(value: float) -> str:
    return ("−$" if value < 0 else "$") + compact(abs(value))


def _months(value: float) -> str:
    tenths = math.floor(value * 10 + 0.5) / 10
    rounded = tenths if value < 10 else math.floor(value + 0.5)
    whole = rounded == math.floor(rounded)
    text = f"{math.floor(rounded)}" if whole else f"{rounded}"
    return "1 month" if rounded == 1 else f"{text} months"


def _seconds(value: float) -> str:
    return f"{digits(1000 * value)} ms" if value < 1 else f"{digits(value)} s"


def _watt(value: float) -> str:
    text = compact(value)
    return f"{text}{'' if text[-1] in 'kMB' else ' '}W"


def _megawatt(value: float) -> str:
    if value >= 1000:
        return f"{digits(value / 1000)} GW"
    return f"{digits(value)} MW" if value >= 1 else f"{digits(value * 1000)} kW"


def _share(percents: float) -> str:
    size = abs(percents)
    said = digits(size) if size < 1000 else f"{float(f'{size:.3g}'):,.0f}"
    return ("−" if percents < 0 else "") + said


FORMATS: dict[str, Callable[[float], str]] = {
    "number": compact,
    "usd": _usd,
    "percent": lambda v: f"{_share(100 * v)} %",
    "ratio": lambda v: f"{digits(v)}×",
    "months": _months,
    "whole": lambda v: f"{math.floor(v + 0.5):,}",
    "ms": lambda v: f"{digits(1000 * v)} ms",
    "s": _seconds,
    "w": _watt,
    "mw": _megawatt,
}


def number(kind: str, value: float) -> str:
    """A number in one of the formats of a page; a dash when it is unknown."""
    return FORMATS.get(kind, compact)(float(value)) if math.isfinite(value) else NONE


def _code(value: float) -> str:
    """A code as the browser writes it, such as the key of a sentence."""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return f"{float(value):g}" if math.isfinite(value) else "NaN"


def sentence(entry: Layout, arrays: Sequence[Numbers], layout: Layout) -> str:
    """Sentence chosen by a code."""
    codes = arrays[0]

    def filled(match: re.Match[str]) -> str:
        name, kind = match[1], match[2]
        if re.match(r"label\d", name):
            place = int(name[5:])
            label = escape(layout["options"][place]["label"])
            return f'<span class="o o{place}">{label}</span>'
        value = float(codes[1 + entry["names"].index(name)])
        if kind == "reason":
            return escape(entry["reasons"].get(_code(value), ""))
        return f'<span class="n">{escape(number(kind, value))}</span>'

    return _SLOT.sub(filled, escape(entry["sentences"].get(_code(codes[0]), "")))


def figures(entry: Layout, arrays: Sequence[Numbers], layout: Layout) -> str:
    """Headline figures, a group beside the other."""
    values = iter(arrays[0])
    html = []
    for group in entry["figures"]:
        unit = escape(group["unit"])
        head = f"<dt>{escape(group['title'])} <span>{unit}</span></dt>"
        rows = "".join(_figure(v, float(next(values)), layout) for v in group["values"])
        html.append(f'<div class="figure">{head}{rows}</div>')
    return "".join(html)


def _figure(said: Layout, value: float, layout: Layout) -> str:
    text = said.get("words", {}).get(_code(value))
    if text is None:
        known = math.isfinite(value)
        text = number(said["format"], value) if known else said.get("none", NONE)
    label = escape(layout["options"][said["option"]]["label"])
    name = f'<i></i><em title="{label}">{label}</em>'
    return f'<dd class="o{said["option"]}">{name}<b data-figure>{escape(text)}</b></dd>'


def _head(layout: Layout) -> str:
    return "".join(
        f'<th scope="col" class="o{i}"><i></i>{escape(option["label"])}</th>'
        for i, option in enumerate(layout["options"])
    )


def table(entry: Layout, arrays: Sequence[Numbers], layout: Layout) -> str:
    """Table of rows by options."""
    columns = len(layout["options"])
    body = []
    for k, row in enumerate(entry["rows"]):
        words = row.get("words", {})
        cells = "".join(
            f'<td class="o{i}"><u></u><span>'
            f"{escape(words.get(_code(v)) or number(row['format'], float(v)))}"
            "</span></td>"
            for i, v in enumerate(arrays[0][k * columns : (k + 1) * columns])
        )
        unit = escape(row.get("unit") or "")
        head = f'<th scope="row">{escape(row["label"])} <span>{unit}</span></th>'
        strong = ' class="strong"' if row.get("strong") else ""
        body.append(f"<tr{strong}>{head}{cells}</tr>")
    caption = escape(entry.get("caption", ""))
    return (
        f'<table class="numbers"><caption>{caption}</caption><thead><tr>'
        f'<th scope="col"><span class="live">Line</span></th>'
        f"{_head(layout)}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def groups(entry: Layout, arrays: Sequence[Numbers], layout: Layout) -> str:
    """Bars of a plot, as a table."""
    rows = [{"label": name, "format": entry["format"]} for name in entry["groups"]]
    return table({"rows": rows}, arrays, layout)


def curves(entry: Layout, arrays: Sequence[Numbers], layout: Layout) -> str:
    """Some points of the curves of a plot, as a table."""
    x, said = arrays[0], entry["table"]
    rows = arrays[1].reshape(-1, x.size)
    count = min(_ROWS, x.size)
    picked = [
        math.floor(i * (x.size - 1) / max(1, count - 1) + 0.5) for i in range(count)
    ]
    body = "".join(
        f'<tr><th scope="row">{escape(number(said["xformat"], float(x[k])))}</th>'
        + "".join(
            f"<td>{escape(number(said['format'], float(y[k])))}</td>" for y in rows
        )
        + "</tr>"
        for k in picked
    )
    return (
        '<table class="numbers data"><thead><tr>'
        f'<th scope="col">{escape(said["x"])}</th>{_head(layout)}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


_RENDERERS = {"sentence": sentence, "figures": figures, "table": table}


def slots(buffer: wire.Buffer, layout: Layout) -> dict[str, str]:
    """HTML of every named place that a buffer fills, by the name of the place."""
    arrays = wire.unpacked(buffer)
    found: dict[str, str] = {}
    for entry in layout["entries"]:
        count = wire.taken([entry])
        mine, arrays = arrays[:count], arrays[count:]
        if entry["kind"] == "words" and entry["render"] in _RENDERERS:
            html = _RENDERERS[entry["render"]](entry, mine, layout)
            found[entry["element"]] = html
        elif entry["kind"] == "grouped":
            found[entry["source"]] = groups(entry, mine, layout)
        elif "table" in entry:
            found[entry["table"]["element"]] = curves(entry, mine, layout)
    return found
