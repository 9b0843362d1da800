"""The HTML of a snapshot: one document, everything in it, nothing to fetch."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from html import escape
from importlib.resources import files
from typing import Any

import bokeh
import panel as pn
from bokeh.plotting import figure as Figure
from panel.viewable import Viewable

from breakeven.explorer.components import (
    CSS,
    TOKENS,
    Controls,
    Hub,
    Slot,
    script,
)
from breakeven.explorer.export import to_toml
from breakeven.explorer.views.strip import SENTENCES
from breakeven.models.results import Results, limit_name
from breakeven.models.scenario import Scenario
from breakeven.models.trace import worked_cost

# The file says so itself: nothing may be fetched, whatever it holds.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'unsafe-inline'; img-src data: blob:"
)
_TABLE = ("Input", "Value", "Range", "Status", "Source")


@dataclass(frozen=True)
class Sheet:
    """What stands on the page beside the numbers that move."""

    scenario: Scenario
    results: Results
    version: str
    today: date
    titles: dict[str, str]
    panels: dict[str, str]
    answers: dict[str, str]
    accuracy: str
    messages: tuple[str, ...]


# ------------------------------------------------------------------------ tabs


def panel(
    body: Viewable, texts: dict[str, str], view: str
) -> tuple[str, dict[str, Figure]]:
    """HTML of the body of a tab with words filled in, and its figures by place."""
    plots: dict[str, Figure] = {}

    def html(part: Any) -> str:
        if isinstance(part, Slot):
            return _slot(part, texts)
        if isinstance(part, pn.pane.Bokeh):
            place = f"plot-{view}-{len(plots)}"
            plots[place] = part.object
            return (
                f'<div class="plot" id="{place}" style="height:{part.height}px"></div>'
            )
        inner = "".join(html(child) for child in part.objects)
        if isinstance(part, pn.FlexBox):
            return f'<div class="flow">{inner}</div>'
        wide = " wide" if "100%" in str(part.styles.get("flex", "")) else ""
        return f'<section class="box-card card-plot{wide}">{inner}</section>'

    return html(body), plots


def _slot(part: Slot, texts: dict[str, str]) -> str:
    """A named place, with its first words or those of the present inputs."""
    words, inner = texts.get(part.slot, ""), part.html
    if words:
        inner = inner.replace("<div></div>", f"<div>{words}</div>") or words
    if part.look == "title":
        return f"<h3>{inner}</h3>"
    look = escape(f"slot {part.look}")
    name = escape(part.slot)
    open_ = " open" if part.tag == "details" else ""
    head = f'<{part.tag} class="{look}" data-slot="{name}"{open_}>'
    return f"{head}{inner}</{part.tag}>"


# --------------------------------------------------------------------- evidence


def _number(value: float) -> str:
    if value and not 1e-3 <= abs(value) < 1e15:
        return f"{value:.4g}"
    return f"{value:,.5g}" if abs(value) < 1e5 else f"{value:,.0f}"


def _row(row: dict[str, Any]) -> str:
    value, unit = row["value"], row["unit"]
    said = "not published"
    if value is not None:
        text = _number(value) if isinstance(value, float) else str(value)
        shown = "" if unit in ("1", "choice") else unit
        said = f'{escape(text)} <span class="unit">{escape(shown)}</span>'
    ends = [row["low"], row["high"]]
    span = " to ".join(_number(end) for end in ends) if None not in ends else ""
    source = escape(row["source"])
    if re.match("https?://", row["url"]):
        href = escape(row["url"])
        source = f'<a href="{href}" target="_blank" rel="noopener">{source}</a>'
    when = f" <code>{escape(row['date'])}</code>" if row["date"] else ""
    note = f"<br><small>{escape(row['note'])}</small>" if row["note"] else ""
    status = escape(row["status"])
    badge = escape(row["status"].split(",")[0])
    return (
        f'<tr><td title="{escape(row["doc"])}">{escape(row["label"])}<br>'
        f"<code>{escape(row['name'])}</code></td>"
        f'<td class="v">{said}</td><td class="r">{escape(span)}</td>'
        f'<td><span class="badge {badge}">{status}</span></td>'
        f"<td>{source}{when}{note}</td></tr>"
    )


def _inputs(rows: list[dict[str, Any]]) -> str:
    """Every input with value, unit, range, status, source and note."""
    body, group = [], None
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            head = f'<th colspan="5" scope="rowgroup">{escape(group)}</th>'
            body.append(f'<tr class="head">{head}</tr>')
        body.append(_row(row))
    head = "".join(f'<th scope="col">{name}</th>' for name in _TABLE)
    return (
        '<div class="evidence"><div class="scroll"><table><thead><tr>'
        f"{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div></div>"
    )


def _worked(sheet: Sheet) -> str:
    """The levelised cost of each option, step by step."""
    found = []
    for place, (key, groups) in enumerate(sheet.scenario.options.items()):
        unit = sheet.results.unit("token_rate")
        steps = [
            ("Throughput of a busy chip", "", sheet.results.token_rate[place], unit)
        ]
        if sheet.results.feasible[place]:
            steps += [
                (step.label, step.formula, step.value, step.unit)
                for step in worked_cost(sheet.scenario, sheet.results, key)
            ]
        else:
            why = limit_name(sheet.results.limited_by[place])
            steps += [("No cost can be given", why, float("nan"), "")]
        items = "".join(
            f"<li><b>{escape(f'{value:.6g} {name}' if value == value else '')}</b>"
            f"{escape(label)}<small>{escape(formula)}</small></li>"
            for label, formula, value, name in steps
        )
        label = escape(groups.option.label)
        chain = f'<h4>{label}</h4><ol class="trace">{items}</ol>'
        found.append(f'<div class="o{place}">{chain}</div>')
    return f'<div class="worked">{"".join(found)}</div>'


def _evidence(sheet: Sheet, rows: list[dict[str, Any]]) -> str:
    name = escape(sheet.scenario.name)
    return (
        '<div class="flow"><section class="box-card wide long"><h3>The levelised cost, '
        "by hand<small>At the inputs of the export; each step can be redone on "
        f"paper.</small></h3>{_worked(sheet)}</section>"
        '<section class="box-card wide long"><h3>Every input and its source<small>As '
        f'exported.</small></h3><div id="ledger">{_inputs(rows)}</div></section>'
        '<section class="box-card wide long toml-card"><h3>Open it again<small>Save '
        f"this text as {name}.toml: <code>breakeven evaluate {name}.toml</code> gives "
        f"these numbers, <code>breakeven export {name}.toml -o page.html</code> this "
        "page.</small></h3>"
        '<p id="moved-line" class="js" hidden>With the sliders as they stand, add '
        '<code class="set" id="moved"></code></p>'
        '<p class="js"><button type="button" class="do" id="copy">Copy</button>'
        '<button type="button" class="do" id="save">Save</button></p>'
        f'<pre class="toml" id="toml">{escape(to_toml(sheet.scenario))}</pre>'
        "</section></div>"
    )


# --------------------------------------------------------------------- document


def _answers(sheet: Sheet) -> str:
    filled = {name.removeprefix("strip/"): text for name, text in sheet.answers.items()}

    def place(name: str, look: str, tag: str = "p") -> str:
        inner = filled.get(name, "")
        return f'<{tag} class="slot {look}" data-slot="strip/{name}">{inner}</{tag}>'

    notes = "".join(f"<li>{escape(note)}</li>" for note in sheet.results.notes)
    return (
        '<section class="slot strip" aria-label="Answers">'
        + place("eyebrow", "eyebrow")
        + "".join(place(f"sentence{i}", "sentence") for i in range(SENTENCES))
        + place("because", "because")
        + place("figures", "figures", "dl")
        + f'<ul class="slot notes" data-slot="strip/notes">{notes}</ul></section>'
    )


def _tabs(sheet: Sheet, rows: list[dict[str, Any]]) -> str:
    titles = {**sheet.titles, "evidence": "Evidence"}
    panels = {**sheet.panels, "evidence": _evidence(sheet, rows)}
    tabs = "".join(
        f'<button type="button" role="tab" id="tab-{n}" data-view="{n}" '
        f'aria-controls="panel-{n}">{escape(title)}</button>'
        for n, title in titles.items()
    )
    shown = "".join(
        f'<section class="panel" role="tabpanel" id="panel-{n}" '
        f'aria-labelledby="tab-{n}"><h2>{escape(titles[n])}</h2>{html}</section>'
        for n, html in panels.items()
    )
    return (
        f'<div class="tabs" role="tablist" aria-label="Views">{tabs}</div>'
        f'<div class="panels">{shown}</div>'
    )


def styles() -> str:
    """Style sheets of the page, outside shadow roots; dark also without a script."""
    dark = re.search(r':root\[data-breakeven="dark"\] \{([^}]*)\}', TOKENS)
    if dark is None:
        raise ValueError("tokens.css has no dark colours")
    scheme = f"@media (prefers-color-scheme: dark) {{ :root.still {{{dark[1]}}} }}"
    return "\n".join(
        [TOKENS, scheme, CSS.replace(":host", "body"), script("snapshot.css")]
    )


def _closed(code: str, name: str, hands: str) -> str:
    """Script of a component, closed in itself; it hands out some of its names."""
    return f"const {name} = (() => {{\n{code}\nreturn {{{hands}}};\n}})();\n"


def _scripts() -> str:
    """Scripts of the live page, fed by this file instead of a server."""
    hub = Hub._esm.replace("export function", "function")
    desk = Controls._esm.replace("export function", "function")
    ledger = script("ledger.js").replace("export function", "function")
    return (
        _closed(hub, "breakevenHub", "render, pageOf, handlesOf, breakeven")
        + "const {breakeven} = breakevenHub;\n"
        + _closed(desk, "breakevenControls", "render, shown")
        + _closed(ledger, "breakevenLedger", "render")
        + script("snapshot.js")
    )


def _inline(code: str) -> str:
    """Script that cannot end its own element."""
    return re.sub(r"</(script)", r"<\\/\1", code, flags=re.IGNORECASE)


def _data(told: dict[str, Any]) -> str:
    """JSON that no text in it can leave."""
    text = json.dumps(told, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028")


def rendered(sheet: Sheet, told: dict[str, Any], blob: str) -> str:
    """The whole document."""
    title, about = escape(sheet.scenario.title), escape(sheet.scenario.description)
    library = files(bokeh).joinpath("server/static/js/bokeh.min.js").read_text("utf-8")
    left_out = "".join(
        f'<p class="left-out">{escape(line)}.</p>' for line in sheet.messages
    )
    when = f"{sheet.today:%d %B %Y}".lstrip("0")
    return f"""<!doctype html>
<html lang="en" class="still">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Breakeven {escape(sheet.version)}">
<title>{title}</title>
<style>{styles()}</style>
</head>
<body>
<header class="bar"><strong>Breakeven</strong><div id="said" aria-hidden="true"></div>
<span>Snapshot of {when}, version {escape(sheet.version)}</span></header>
<div class="sheet">
<div class="intro"><h1>{title}</h1><p class="about">{about}</p>{_answers(sheet)}</div>
<div class="desk-place" id="settings"><div id="desk"></div>{left_out}
<p class="left-out" id="too-old" hidden>The sliders need a newer browser.</p></div>
<main>{_tabs(sheet, told["rows"])}
<footer class="foot"><p>{escape(sheet.accuracy)}</p>
<p>Made by Breakeven {escape(sheet.version)} on {sheet.today.isoformat()} from the
scenario {escape(sheet.scenario.name)}. Every input stands under Evidence with its
status and source; estimates are marked as such.</p>
<p class="only-still">Sliders and plots need JavaScript; all sentences and tables of
the exported inputs are above.</p></footer></main>
</div>
<script type="application/json" id="breakeven-data">{_data(told)}</script>
<script type="text/plain" id="breakeven-lattice">{blob}</script>
<script>{_inline(library)}</script>
<script>{_inline(_scripts())}</script>
</body>
</html>
"""
