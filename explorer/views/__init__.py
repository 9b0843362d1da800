"""One module a tab: what it draws, and the arrays that feed it."""

from __future__ import annotations

from breakeven.explorer.views.agents import Agents
from breakeven.explorer.views.amortisation import Amortisation
from breakeven.explorer.views.anchor import Anchor
from breakeven.explorer.views.base import View
from breakeven.explorer.views.bill import Bill
from breakeven.explorer.views.cost import Cost
from breakeven.explorer.views.deals import Deals
from breakeven.explorer.views.even_map import EvenMap
from breakeven.explorer.views.evidence import Evidence
from breakeven.explorer.views.fleet import Fleet
from breakeven.explorer.views.margin import MarginMap
from breakeven.explorer.views.markup import Markup
from breakeven.explorer.views.own_or_rent import OwnOrRent
from breakeven.explorer.views.pass_through import PassThrough
from breakeven.explorer.views.port import Port
from breakeven.explorer.views.power import Power
from breakeven.explorer.views.price_floor import PriceFloor
from breakeven.explorer.views.retirement import Retirement
from breakeven.explorer.views.returns import Returns
from breakeven.explorer.views.sensitivity import Sensitivity
from breakeven.explorer.views.supply import Supply
from breakeven.explorer.views.swept import Swept
from breakeven.explorer.views.throughput import Throughput
from breakeven.explorer.views.training_run import TrainingRun
from breakeven.explorer.views.use_cases import UseCases
from breakeven.explorer.views.useful_life import UsefulLife
from breakeven.explorer.views.volume import Volume

__all__ = ["SECTIONS", "VIEWS", "View"]

# The rows of tabs: sections, and the views of each. The page adds Accuracy, which needs
# its session, to the last one.
SECTIONS: tuple[tuple[str, tuple[type[View], ...]], ...] = (
    ("Answer", (Amortisation, EvenMap, Sensitivity)),
    ("Money", (Cost, PriceFloor, OwnOrRent, MarginMap, Returns, PassThrough)),
    ("Chip", (Volume, Anchor, Markup, Bill)),
    ("Performance", (Throughput, Swept)),
    ("Site", (Power, Fleet)),
    ("Agents", (Agents, UseCases)),
    ("Deals", (Deals,)),
    ("Decisions", (Retirement, UsefulLife, Port, Supply, TrainingRun)),
    ("Trust", (Evidence,)),
)
VIEWS: tuple[type[View], ...] = tuple(view for _, views in SECTIONS for view in views)
