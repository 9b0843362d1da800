"""A scenario as one HTML file that needs no server: its main sliders still work.

The file holds the figures and scripts of the live page and a lattice of precomputed
results in place of the server; without JavaScript it shows sentences and tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from breakeven.explorer.files import replacing
from breakeven.explorer.leaf import KEY, default_live, leaf
from breakeven.explorer.refinement import Accuracy
from breakeven.explorer.sheet import rendered
from breakeven.explorer.views import VIEWS as EVERY
from breakeven.explorer.views.amortisation import Amortisation
from breakeven.explorer.views.base import View
from breakeven.explorer.views.cost import Cost
from breakeven.explorer.views.power import Power
from breakeven.explorer.views.throughput import Throughput
from breakeven.models.base import unknown_name
from breakeven.models.scenario import Scenario

__all__ = ["KEY", "VIEWS", "Snapshot", "Wish", "default_live", "snapshot", "to_html"]

VIEWS: tuple[type[View], ...] = (Amortisation, Cost, Throughput, Power)


@dataclass(frozen=True)
class Snapshot:
    """A page in one file, what is live on it, and how exact that is.

    The second scenario of a file, if it has one, is ``other``.
    """

    html: str
    live: tuple[str, ...]
    accuracy: Accuracy | None
    messages: tuple[str, ...]
    other: Snapshot | None = None

    def report(self) -> str:
        """Size, live controls and error, for a terminal."""
        lines = [f"{len(self.html.encode()):,} bytes; live: {', '.join(self.live)}"]
        if self.accuracy:
            lines.append(self.accuracy.said())
        lines += self.messages
        if self.other:
            lines.append(f"Second scenario: live: {', '.join(self.other.live)}")
            lines += [self.other.accuracy.said()] if self.other.accuracy else []
            lines += self.other.messages
        return "\n".join(lines)


@dataclass(frozen=True)
class Wish:
    """What a page should hold: inputs with a slider, views, a second scenario.

    ``told`` hears what is being done, as a share of the whole.
    """

    live: Sequence[str] = ()
    views: Sequence[str] = ()
    other: Scenario | None = None
    told: Callable[[float], None] = lambda share: None


def to_html(scenario: Scenario, live: Sequence[str] = ()) -> str:
    """Page of a scenario as text; ``live`` names the inputs that keep a slider."""
    return snapshot(scenario, live).html


def to_page(
    scenario: Scenario, view: str, told: Callable[[float], None] = lambda share: None
) -> str:
    """Page of a scenario as text, with one more view: the one that is open."""
    usual = [shown.name for shown in VIEWS]
    more = () if view in usual or view not in _known() else (view, *usual)
    return snapshot(scenario, wish=Wish(views=more, told=told)).html


def write(
    scenario: Scenario, path: Path, live: Sequence[str] = (), wish: Wish | None = None
) -> Snapshot:
    """Write the page of a scenario to a file; a failure leaves none."""
    with replacing(path) as draft:
        made = snapshot(scenario, live, wish=wish)
        draft.write_text(made.html, encoding="utf-8")
    return made


def _known() -> dict[str, type[View]]:
    """Views that can do without a server, by name."""
    return {view.name: view for view in EVERY if view.name != "evidence"}


def shown_views(names: Sequence[str]) -> list[type[View]]:
    """Views of names; those of :data:`VIEWS` when none are named.

    Raises
    ------
    KeyError
        When there is no such view, or it cannot do without a server.
    """
    known = _known()
    for name in names:
        if name not in known:
            raise unknown_name("view of a page without server", name, known)
    return [known[name] for name in names] or list(VIEWS)


def snapshot(
    scenario: Scenario,
    live: Sequence[str] = (),
    today: date | None = None,
    wish: Wish | None = None,
) -> Snapshot:
    """Page of a scenario in one file, with a switch to a second one if there is.

    Raises
    ------
    KeyError, ValueError
        When an input that should be live does not exist or cannot be.
    """
    wish = wish or Wish(live)
    day = today or datetime.now(UTC).date()
    views = shown_views(wish.views)
    share = 0.5 if wish.other else 1.0
    first = leaf(
        scenario, wish.live or live, views, day, lambda x: wish.told(share * x)
    )
    leaves = [first]
    if wish.other:
        names = _common(wish.other, wish.live or live)
        leaves.append(
            leaf(wish.other, names, views, day, lambda x: wish.told(0.5 + 0.5 * x))
        )
    html = rendered([(leaf.sheet, leaf.told, leaf.blob) for leaf in leaves])
    parts = [
        Snapshot("", leaf.live, leaf.accuracy, leaf.sheet.messages) for leaf in leaves
    ]
    other = parts[1] if wish.other else None
    return replace(parts[0], html=html, other=other)


def _common(scenario: Scenario, live: Sequence[str]) -> list[str]:
    """Those of some inputs that a scenario has."""
    known = set(scenario.names())
    return [name for name in live if name in known]
