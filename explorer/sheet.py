"""The HTML of a snapshot: one document, everything in it, nothing to fetch."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
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
from breakeven.explorer.dossier import Sheet, evidence
from breakeven.explorer.views.base import Flow
from breakeven.explorer.views.strip import SENTENCES

# The file says so itself: nothing may be fetched, whatever it holds.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'unsafe-inline'; img-src data: blob:"
)


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
        if isinstance(part, Flow):
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
    panels = {**sheet.panels, "evidence": evidence(sheet, rows)}
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
        _closed(hub, "breakevenHub", "render, pageOf, handlesOf, inkAxes, breakeven")
        + "const {breakeven} = breakevenHub;\n"
        + _closed(desk, "breakevenControls", "render, shown")
        + _closed(ledger, "breakevenLedger", "render")
        + script("lattice.js")
        + script("seen.js")
        + script("snapshot.js")
    )


_MATHJAX = "https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-svg.js"


def _inline(code: str) -> str:
    """Script that cannot end its own element."""
    return re.sub(r"</(script)", r"<\\/\1", code, flags=re.IGNORECASE)


def _data(told: dict[str, Any]) -> str:
    """JSON that no text in it can leave."""
    text = json.dumps(told, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028")


def _library() -> str:
    """BokehJS; no text here is TeX, so its loader of MathJax loses its address."""
    script = files(bokeh).joinpath("server/static/js/bokeh.min.js")
    return script.read_text("utf-8").replace(_MATHJAX, "data:,")


def _leaf(sheet: Sheet, told: dict[str, Any], blob: str) -> str:
    """One scenario of the file: everything that changes with the scenario."""
    title, about = escape(sheet.scenario.title), escape(sheet.scenario.description)
    left_out = "".join(
        f'<p class="left-out">{escape(line)}.</p>' for line in sheet.messages
    )
    return f"""<div class="leaf"><div class="sheet">
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
<script type="text/plain" id="breakeven-lattice">{blob}</script></div>"""


def _switch(sheets: Sequence[Sheet]) -> str:
    """Buttons between the scenarios of a file, where there are more than one."""
    if len(sheets) == 1:
        return ""
    buttons = "".join(
        f'<button type="button" data-leaf="{i}">{escape(sheet.scenario.title)}</button>'
        for i, sheet in enumerate(sheets)
    )
    return f'<nav class="leaves js" aria-label="Scenario">{buttons}</nav>'


def rendered(leaves: Sequence[tuple[Sheet, dict[str, Any], str]]) -> str:
    """The whole document; of several scenarios the first is shown without a script."""
    sheet = leaves[0][0]
    when = f"{sheet.today:%d %B %Y}".lstrip("0")
    others = "".join(
        f'<template id="leaf-{i}">{_leaf(*leaf)}</template>'
        for i, leaf in enumerate(leaves[1:], 1)
    )
    return f"""<!doctype html>
<html lang="en" class="still">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Breakeven {escape(sheet.version)}">
<title>{escape(sheet.scenario.title)}</title>
<style>{styles()}</style>
</head>
<body>
<header class="bar"><strong>Breakeven</strong><div id="said" aria-hidden="true"></div>
{_switch([one for one, _, _ in leaves])}
<span>Snapshot of {when}, version {escape(sheet.version)}</span></header>
{_leaf(*leaves[0])}
{others}
<script>{_inline(_library())}</script>
<script>{_inline(_scripts())}</script>
</body>
</html>
"""
