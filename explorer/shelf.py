"""Scenarios kept and brought: saved in the browser, opened from a file, compared.

What is saved stays on the reader's device; the server sees a document only while it is
opened or compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from breakeven.explorer import diff_words, documents, limits, uploads
from breakeven.explorer.export import to_toml
from breakeven.explorer.session import Session
from breakeven.explorer.state import load_scenario, read_scenario
from breakeven.explorer.words import cost_sentence, verdict
from breakeven.models.answers import ANSWERS
from breakeven.models.differences import Comparison, compared
from breakeven.models.scenario import Scenario

KINDS = ("visit", "open", "model", "save", "compare")
_ANSWERS = ("ratio", "cost_per_token", "breakeven_month")


class Shelf:
    """Answers what the browser asks about saved scenarios, files and its history.

    ``send`` reaches the browser, ``renew`` shows the session anew.
    """

    def __init__(
        self,
        session: Session,
        send: Callable[[dict[str, Any]], None],
        renew: Callable[[], None],
    ) -> None:
        self.session, self.send, self.renew = session, send, renew

    def heard(self, message: Mapping[str, Any]) -> None:
        """Do what one message asks, or say in a line why not."""
        try:
            getattr(self, f"_{message['type']}")(message)
        except (KeyError, ValueError) as error:
            self.send({"say": f"Refused: {error.args[0] if error.args else error}"})

    def _visit(self, message: Mapping[str, Any]) -> None:
        """Another address: go to what it says, from the ready scenario on."""
        query = _texts(message.get("query"))
        name = query.pop("scenario", self.session.loaded.name)
        if name == self.session.loaded.name:
            self.session.start(self.session.loaded)
        else:
            self.session.start(load_scenario(name))
        self._apply(query)

    def _open(self, message: Mapping[str, Any]) -> None:
        """A document that the reader brought or kept, and edits of it."""
        file, text = _brought(message)
        scenario = read_scenario(text, file)
        if scenario.name in documents.scenario_names():
            scenario.name += "-own"  # an address would mean the ready one
        self.session.start(scenario)
        self._apply(_texts(message.get("query", {})))
        kept = {"name": scenario.name, "text": to_toml(scenario)}
        quiet = {} if message.get("quiet") else {"say": f"Opened {scenario.title}"}
        self.send({"own": kept, **quiet})

    def _model(self, message: Mapping[str, Any]) -> None:
        """A language model as Hugging Face describes it."""
        file, text = _brought(message)
        name, shape = uploads.language_model(text.encode(), file)
        self.session.take_model(name, shape, file)
        self.renew()
        self.send({"say": f"The model is now {name}, from {file}."})

    def _apply(self, query: dict[str, str]) -> None:
        query.pop("scenario", None)
        query = {n: v for n, v in query.items() if n not in ("view", "theme")}
        good, refused = limits.sane(query)
        refused |= self.session.visit(good) if good else {}
        self.renew()
        if refused:
            self.send({"say": "Refused: " + "; ".join(refused.values())})

    def _save(self, message: Mapping[str, Any]) -> None:
        """Document of the present scenario, for the browser to keep."""
        scenario = self.session.scenario
        results = scenario.evaluate(curves=False)
        said = f"{verdict(results, 0)} {cost_sentence(results, 0)}"
        title = str(message.get("title") or scenario.title)[: limits.NAME]
        kept = {"title": title, "said": said, "text": to_toml(scenario)}
        self.send({"saved": kept})

    def _compare(self, message: Mapping[str, Any]) -> None:
        """The present scenario beside a ready or a kept one."""
        if name := str(message.get("scenario") or ""):
            other = load_scenario(name)
        else:
            file, text = _brought(message)
            other = read_scenario(text, file)
        html = comparison(other, self.session.scenario, str(message.get("name") or ""))
        self.send({"compared": html})


def _brought(message: Mapping[str, Any]) -> tuple[str, str]:
    """Name and text of a file that the browser sends.

    Raises
    ------
    ValueError
        When it is too large, or no text.
    """
    file = str(message.get("name") or "scenario")[: limits.NAME]
    text = message.get("text")
    if not isinstance(text, str):
        raise ValueError(f"{file}: not text")  # noqa: TRY004 - a line for the reader
    size = len(text.encode())
    if size > limits.UPLOAD:
        raise ValueError(f"{file}: {size:,} bytes; at most {limits.UPLOAD:,} are read")
    return file, text


def _texts(query: Any) -> dict[str, str]:
    """Texts of an address, whatever else was sent."""
    if not isinstance(query, Mapping):
        return {}
    return {str(name): str(value) for name, value in query.items()}


# -------------------------------------------------------------------- side by side


def comparison(first: Scenario, second: Scenario, title: str = "") -> str:
    """Two scenarios side by side as HTML: answers, contributions, inputs that differ.

    Raises
    ------
    ValueError
        When they have not as many options.
    """
    found = {name: compared(first, second, name) for name in _ANSWERS[:1]}
    ratio = found["ratio"]
    heads = (title or first.title, f"{second.title}, now")
    answers = "".join(
        _answer(item, first, second, ratio if item == "ratio" else None)
        for item in _ANSWERS
    )
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return (
        f'<table class="numbers"><thead><tr><th scope="col"></th>{head}</tr></thead>'
        f"<tbody>{answers}</tbody></table>{_parts(first, ratio)}{_inputs(first, ratio)}"
    )


def _answer(
    name: str, first: Scenario, second: Scenario, known: Comparison | None
) -> str:
    """One answer of both."""
    from breakeven.models.answers import answered

    if known is None:
        values = [
            float(answered(one.evaluate(curves=False), name)) for one in (first, second)
        ]
    else:
        values = [known.before, known.after]
    cells = "".join(f"<td>{escape(diff_words.shown(name, v))}</td>" for v in values)
    label = escape(ANSWERS[name].label)
    return f'<tr><th scope="row">{label}</th>{cells}</tr>'


def _parts(scenario: Scenario, found: Comparison) -> str:
    """Contributions as bars around nothing."""
    if not found.differences:
        return "<p>No input differs.</p>"
    if not found.parts:
        return "<p>No contributions: some mixture of the two has no answer.</p>"
    most = max(abs(part.value) for part in found.parts) or 1.0
    rows = "".join(
        f"<li><span>{escape(diff_words.part_title(scenario, part))}</span>"
        f'<i class="{"up" if part.value > 0 else "down"}" '
        f'style="--share:{abs(part.value) / most:.4f}"></i>'
        f"<b>{escape(diff_words.shown(found.answer, part.value, signed=True))}</b></li>"
        for part in found.parts
    )
    total = diff_words.shown(found.answer, found.after - found.before, signed=True)
    return (
        f"<h3>What changes the cost ratio by {escape(total)}</h3>"
        f'<ol class="parts">{rows}</ol><p class="rule">{escape(diff_words.RULE)}</p>'
    )


def _inputs(scenario: Scenario, found: Comparison) -> str:
    """Inputs that differ, with both values."""
    rows = "".join(
        f'<tr><th scope="row">{escape(_named(scenario, item.name))}</th>'
        f"<td>{escape(diff_words.value_text(item.before, item.unit))}</td>"
        f"<td>{escape(diff_words.value_text(item.after, item.unit))}</td></tr>"
        for item in found.differences
    )
    if not rows:
        return ""
    count = len(found.differences)
    said = "1 input differs" if count == 1 else f"{count} inputs differ"
    return (
        f"<details><summary>{said}</summary>"
        f'<table class="numbers"><tbody>{rows}</tbody></table></details>'
    )


def _named(scenario: Scenario, name: str) -> str:
    try:
        return diff_words.named(scenario, name)
    except KeyError:
        return name
