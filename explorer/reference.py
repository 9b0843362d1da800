"""A documentation made from the source: equations, glossary, presets; no network.

The docstrings of the equations, the declarations of the inputs and the tables of the
presets are the only text; nothing is written twice.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html import escape
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from breakeven import presets
from breakeven.explorer import mathematics
from breakeven.explorer.files import replacing
from breakeven.explorer.state import load_scenario
from breakeven.explorer.wording import input_title
from breakeven.models.scenario import settable

PAGES = {
    "index.html": "Breakeven",
    "equations.html": "Equations",
    "inputs.html": "Inputs and results",
    "presets.html": "Presets",
    "sources.html": "Sources",
}
STYLE = """
:root{color-scheme:light dark;--ink:#17212b;--muted:#5a6673;--line:#e1e6eb;--ground:#f4f6f8;--surface:#fff;--accent:#0b6bc2}
@media(prefers-color-scheme:dark){:root{--ink:#e9eef3;--muted:#9dabb9;--line:#2a3542;--ground:#0d1218;--surface:#151c24;--accent:#5ab0ff}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 -apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
nav{position:sticky;top:0;display:flex;flex-wrap:wrap;gap:4px 18px;padding:12px 20px;background:var(--surface);border-bottom:1px solid var(--line);z-index:2}
nav a{color:var(--ink);text-decoration:none}nav a[aria-current]{color:var(--accent);font-weight:600}
main{max-width:1080px;margin:0 auto;padding:20px}a{color:var(--accent)}
section,article{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:14px 18px;margin:12px 0;scroll-margin-top:64px}
h1{font-size:26px;letter-spacing:-.02em}h2{font-size:19px;margin:26px 0 6px}h3{margin:0 0 6px;font-size:16px}
code,.math{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.92em}.math{background:var(--ground);padding:1px 5px;border-radius:4px}
.math i{font-family:Georgia,"Times New Roman",serif}small,.muted{color:var(--muted)}dt{font-weight:600}dd{margin:0 0 6px 18px}
table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}th,td{text-align:left;vertical-align:top;padding:4px 8px;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
td.n{text-align:right;white-space:nowrap}.scroll{overflow-x:auto}ul.toc{columns:3 220px;padding-left:18px}:target{outline:2px solid var(--accent)}
"""  # noqa: E501


def write(folder: Path) -> list[Path]:
    """Write the pages to a folder, which is made; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name in PAGES:
        path = folder / name
        with replacing(path) as draft:
            draft.write_text(page(name), encoding="utf-8")
        made.append(path)
    return made


def page(name: str) -> str:
    """One page of the documentation.

    Raises
    ------
    KeyError
        When there is no such page.
    """
    bodies = {
        "index.html": _index,
        "equations.html": _equations,
        "inputs.html": _inputs,
        "presets.html": _presets,
        "sources.html": _sources,
    }
    links = "".join(
        f'<a href="{n}"{" aria-current=page" if n == name else ""}>{escape(t)}</a>'
        for n, t in PAGES.items()
    )
    body = "".join(bodies[name]())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(PAGES[name])}</title><style>{STYLE}</style></head>"
        f"<body><nav>{links}</nav><main>{body}</main></body></html>"
    )


def _index() -> Iterator[str]:
    yield f"<h1>Breakeven {escape(version('breakeven'))}</h1>"
    yield "<p>When, at what volume, utilisation and price, does custom silicon beat "
    yield "GPUs, and by how much? These pages are made from the source: its equations "
    yield "with units and references, its inputs, and every figure with its source.</p>"
    count = sum(len(presets.names(table)) for table in presets.table_names())
    for name, said in (
        ("equations.html", f"{len(list(equations()))} equations with units"),
        ("inputs.html", "every input and result: meaning, unit, bounds"),
        ("presets.html", f"{count} presets, each figure with range and status"),
        ("sources.html", f"{len(presets.sources())} documents behind the figures"),
    ):
        title = escape(PAGES[name])
        yield f'<section><h3><a href="{name}">{title}</a></h3>{said}</section>'


# --------------------------------------------------------------------- equations


def equations() -> Iterator[tuple[str, ast.FunctionDef, str]]:
    """Module, function and docstring of every public equation."""
    folder = files("breakeven.models")
    for path in sorted(folder.iterdir(), key=lambda item: item.name):
        if not path.name.endswith(".py"):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            doc = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else ""
            if isinstance(node, ast.FunctionDef) and doc and node.name[0] != "_":
                yield path.name.removesuffix(".py"), node, doc


def _equations() -> Iterator[str]:
    found = list(equations())
    yield "<h1>Equations</h1><p>Pure functions in base units (byte, FLOP, s, J, USD); "
    yield "every argument broadcasts. The unit stands in brackets.</p>"
    module = ""
    for name, node, doc in found:
        if name != module:
            module = name
            title = ast.get_docstring(_module(name)) or name
            head = escape(title.splitlines()[0])
            yield f'<h2 id="{name}"><code>{name}</code> <small>{head}</small></h2>'
        yield _equation(name, node, doc)


def _module(name: str) -> ast.Module:
    path = files("breakeven.models").joinpath(f"{name}.py")
    return ast.parse(path.read_text("utf-8"))


def _equation(module: str, node: ast.FunctionDef, doc: str) -> str:
    arguments = ", ".join(a.arg for a in [*node.args.args, *node.args.kwonlyargs])
    head = f"<code>{escape(node.name)}({escape(arguments)})</code>"
    return (
        f'<article id="{module}.{node.name}"><h3>{head}</h3>'
        f"{mathematics.docstring(doc)}</article>"
    )


# ------------------------------------------------------------------------ inputs


def _inputs() -> Iterator[str]:
    from breakeven.models.results import Results

    yield "<h1>Inputs and results</h1><p>The one vocabulary of preset rows, scenario "
    yield "files, addresses, <code>--set</code>, sweeps and exports. "
    yield "<code>OPTION</code> stands for the key of an option, such as asic.</p>"
    scenario = load_scenario()
    first = next(iter(scenario.options))
    for prefix, group in scenario.groups().items():
        key, dot, rest = prefix.partition(".")
        if key in scenario.options and key != first:
            continue
        shown = f"OPTION{dot}{rest}" if key == first else prefix
        doc = escape((type(group).__doc__ or "").strip().splitlines()[0])
        yield f'<h2 id="{escape(shown)}"><code>{escape(shown)}</code></h2><p>{doc}</p>'
        yield '<section class="scroll"><table><tr><th>Input<th>Meaning<th>Unit'
        yield "<th>Bounds"
        for name in settable(group):
            parameter = group.param[name]
            unit = (parameter.metadata or {}).get("unit", "choice")
            yield (
                f'<tr id="{escape(shown)}.{name}"><td>{escape(input_title(name))}<br>'
                f"<code>{escape(shown)}.{name}</code><td>{escape(parameter.doc or '')}"
                f"<td>{escape(unit)}<td>{escape(_bounds(parameter))}"
            )
        yield "</table></section>"
    yield '<h2 id="results">Results</h2><section class="scroll"><table>'
    yield "<tr><th>Result<th>Meaning<th>Unit"
    for name, item in Results.__dataclass_fields__.items():
        unit, label = item.metadata.get("unit", ""), item.metadata.get("label", "")
        yield f"<tr><td><code>{name}</code><td>{escape(label)}<td>{escape(unit)}"
    yield "</table></section>"


def _bounds(parameter: object) -> str:
    bounds = getattr(parameter, "bounds", None)
    if not bounds:
        return ", ".join(map(str, getattr(parameter, "objects", ()) or ()))
    low, high = ("" if b is None else f"{b:g}" for b in bounds)
    return f"{low or '−∞'} to {high or '∞'}"


# ----------------------------------------------------------------------- presets


def _presets() -> Iterator[str]:
    known = presets.sources()
    yield "<h1>Presets</h1>"
    for table in presets.table_names():
        names = presets.names(table)
        yield f'<h2 id="{table}">{escape(table)}</h2><ul class="toc">'
        for name in names:
            title = escape(presets.label(table, name).label)
            yield f'<li><a href="#{table}.{escape(name)}">{title}</a>'
        yield "</ul>"
        for name in names:
            yield f'<section id="{table}.{escape(name)}" class="scroll"><h3>'
            yield f"{escape(presets.label(table, name).label)} <small><code>"
            yield f"{escape(name)}</code></small></h3><table><tr><th>Figure<th>Value"
            yield "<th>Unit<th>Range<th>Status<th>Source"
            yield from (
                _row(row, known) for row in presets.preset(table, name).values()
            )
            yield "</table></section>"


def _row(row: presets.Row, known: dict[str, presets.Source]) -> str:
    value = "not published" if row.value is None else f"{row.value}"
    ends = "" if row.low is None else f"{row.low:g} to {row.high:g}"
    document = known.get(row.source)
    title = escape(document.title if document else row.source)
    source = f'<a href="sources.html#{escape(row.source)}">{title}</a>'
    note = f"<br><small>{escape(row.note)}</small>" if row.note else ""
    return (
        f"<tr><td>{escape(row.quantity)}<td class=n>{escape(value)}<td>"
        f"{escape(row.unit)}<td class=n>{escape(ends)}<td>{escape(row.status)}<td>"
        f"{source} <small>{escape(row.date)}</small>{note}"
    )


def _sources() -> Iterator[str]:
    yield "<h1>Sources</h1>"
    for name, source in presets.sources().items():
        title = escape(source.title)
        if re.match(r"https?://", source.url):
            title = f'<a href="{escape(source.url)}" rel="noopener">{title}</a>'
        yield f'<section id="{escape(name)}">{title} <small><code>{escape(name)}</code>'
        yield f" {escape(source.date)}</small></section>"
