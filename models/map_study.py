"""The break-even map: which two inputs it spans."""

from __future__ import annotations

import param

from breakeven.models.base import Group
from breakeven.models.study import Study

__all__ = ["MAP"]


class MapAxes(Group):
    """The two inputs of the map, by dotted name; empty is volume and utilisation."""

    across = param.String(default="", doc="Input along the map; empty is the volume")
    up = param.String(default="", doc="Input up the map; empty is the utilisation")


MAP = Study(
    name="map",
    title="Break-even map",
    group=MapAxes,
    evaluate=lambda context: {},
    outputs={},
)
