"""Docstrings as HTML: formulas with powers and indices, lists of arguments, sources."""

from __future__ import annotations

import re
from html import escape

_GREEK = dict(
    zip(
        "alpha beta gamma delta theta lambda sigma rho tau eta mu pi".split(),
        "αβγδθλσρτημπ",
        strict=True,
    )
)
_HEADS = ("Parameters", "References", "Notes", "Examples", "Raises", "Returns")


def formula(text: str) -> str:
    """A formula in plain text as HTML: powers raised, indices lowered."""
    html = escape(text)
    html = re.sub(r"\^\(([^()]*)\)", r"<sup>\1</sup>", html)
    html = re.sub(r"\^(-?\w+)", r"<sup>\1</sup>", html)
    html = re.sub(r"\*\*\(?(-?[\w.]+)\)?", r"<sup>\1</sup>", html)
    html = re.sub(r"\b([A-Za-z])_\{?(\w+)\}?", r"\1<sub>\2</sub>", html)
    html = re.sub(r"\bsqrt\(", "√(", html)
    html = re.sub(r"\bsum_(\w+)|\bsum<sub>(\w+)</sub>", r"Σ<sub>\1\2</sub>", html)
    html = html.replace("&gt;=", "≥").replace("&lt;=", "≤")
    html = re.sub(r"(?<=[\w)]) \* (?=[\w(])", " · ", html)
    html = re.sub(r" - ", " − ", html)
    for word, letter in _GREEK.items():
        html = re.sub(rf"\b{word}\b", letter, html)
    html = re.sub(r"(?<![\w&#;<>/])([A-Za-z])(?![\w;>])", r"<i>\1</i>", html)
    return f'<span class="math">{html}</span>'


def inline(text: str) -> str:
    """A line of text: formulas, references to functions, footnote marks."""
    parts = re.split(r"(``.+?``|:\w+:`[^`]+`|`[^`]+`)", text)
    html = []
    for part in parts:
        if part.startswith("``"):
            html.append(formula(part.strip("`")))
        elif part.startswith((":", "`")):
            name = part.partition("`")[2].strip("`~")
            html.append(f"<code>{escape(name)}</code>")
        else:
            plain = escape(re.sub(r"\s*\[(\d+)\]_", "", part))
            plain = re.sub(r"\^\(([^()]*)\)", r"<sup>\1</sup>", plain)
            html.append(re.sub(r"\^(-?\w+)", r"<sup>\1</sup>", plain))
    return "".join(html)


def docstring(doc: str) -> str:
    """A numpydoc docstring as HTML."""
    blocks = re.split(r"\n\s*\n", doc)
    html, section = [], ""
    for block in blocks:
        lines = block.splitlines()
        if (
            len(lines) > 1
            and lines[0].strip() in _HEADS
            and set(lines[1].strip()) <= {"-"}
        ):
            section, lines = lines[0].strip(), lines[2:]
            html.append(f"<h4>{section}</h4>")
        if section in ("Parameters", "Raises", "Returns"):
            html.append(_arguments(lines))
        elif section == "References":
            said = " ".join(line.strip() for line in lines)
            said = re.sub(r"\.\. \[\d+\]", "<br>", escape(said)).removeprefix("<br>")
            html.append(f'<p class="muted">{said}</p>')
        elif any(line.strip().startswith(">>>") for line in lines):
            html.append(f"<pre><code>{escape(chr(10).join(lines))}</code></pre>")
        else:
            html.append(f"<p>{inline(' '.join(line.strip() for line in lines))}</p>")
    return "".join(html)


def _arguments(lines: list[str]) -> str:
    """Names and what is said of them."""
    html = ["<dl>"]
    for line in lines:
        if line.startswith((" ", "\t")):
            html.append(f"<dd>{inline(line.strip())}</dd>")
        elif line.strip():
            html.append(f"<dt><code>{escape(line.strip())}</code></dt>")
    return "".join([*html, "</dl>"])
