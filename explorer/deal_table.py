"""What is known of deals, as HTML: one in full with its sources, and all in a table."""

from __future__ import annotations

from html import escape

from breakeven import presets
from breakeven.explorer.words import quantity_text
from breakeven.models.scenario import Scenario

_TEXTS = {
    "parties": "Parties",
    "announced": "Announced",
    "deal_chip": "Chip",
    "known": "Known",
    "unknown": "Not disclosed",
    "conflict": "Sources differ",
    "caution": "Caution",
}


def told(scenario: Scenario) -> str:
    """What is known of the scenario's deal as HTML, sources linked."""
    deal = scenario.presets.get("deal", "")
    if not deal:
        return "<p>No deal stands behind this scenario.</p>"
    details = presets.details("deals", deal)
    status = next(d.text for d in details if d.detail == "deal_status")
    reading = next((d.text for d in details if d.detail == "reading"), "")
    parts = [f'<p><span class="badge estimate">{escape(status)}</span></p>']
    parts += [f"<p>{escape(reading)}</p>"] if reading else []
    shown = [(_TEXTS[d.detail], d.text) for d in details if d.detail in _TEXTS]
    parts += [
        "<dl>",
        *(f"<dt>{a}</dt><dd>{escape(b)}</dd>" for a, b in shown),
        "</dl>",
    ]
    against = [d.text for d in details if d.detail.startswith("conflict_")]
    if against:
        parts.append("<h3>Claims, and what stands against them</h3><ul>")
        parts += [f"<li>{escape(text)}</li>" for text in against]
        parts.append("</ul>")
    return "".join([*parts, "<h3>Sources</h3><ul>", *_sources(deal), "</ul>"])


def _sources(deal: str) -> list[str]:
    """Documents behind a deal, each with its link and date."""
    keys = dict.fromkeys(
        key
        for item in (*presets.details("deals", deal), *_figures(deal))
        for key in (item.source, *item.further_sources)
    )
    known = presets.sources()
    return [
        f'<li><a href="{escape(s.url)}" rel="noreferrer" target="_blank">'
        f"{escape(s.title)}</a>, {s.date}{_read(s.access)}</li>"
        for s in (known[key] for key in keys)
        if s.url
    ]


def _figures(deal: str) -> list[presets.Row]:
    return list(presets.preset("deals", deal).values())


def _read(access: str) -> str:
    """How a document was read, where that weakens it."""
    return " (retold by another site)" if access == "secondhand" else ""


def all_deals() -> str:
    """Every deal of the preset table: status, and its stated terms with ranges."""
    names = {"cores": "Cores", "chips": "Chips", "power": "Power, MW"}
    names |= {"value": "Value, billion USD", "term": "Years"}
    heads = "".join(
        f'<th scope="col">{text}</th>' for text in ("Deal", "Status", *names.values())
    )
    body = []
    for deal in presets.names("deals"):
        rows = presets.preset("deals", deal)
        status = next(
            d.text for d in presets.details("deals", deal) if d.detail == "deal_status"
        )
        cells = "".join(f"<td>{_term(rows.get(name))}</td>" for name in names)
        label = escape(presets.label("deals", deal).label)
        body.append(
            f'<tr><th scope="row">{label}</th><td>{escape(status)}</td>{cells}</tr>'
        )
    return (
        f'<table class="cases"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>"
    )


def _term(row: presets.Row | None) -> str:
    """A stated term and its range."""
    if row is None or row.central is None:
        return "–"
    text = quantity_text(row.central)
    if row.low is None or row.low == row.high:
        return text
    return f"{text}<small>{quantity_text(row.low)} to {quantity_text(row.high)}</small>"
