"""Facts: one number a row, each with unit, range, status, source and date."""

from breakeven.presets.tables import (
    Detail,
    Label,
    PresetError,
    Row,
    Source,
    details,
    label,
    names,
    preset,
    read,
    rows,
    sources,
    table_names,
)

__all__ = [
    "Detail",
    "Label",
    "PresetError",
    "Row",
    "Source",
    "details",
    "label",
    "names",
    "preset",
    "read",
    "rows",
    "sources",
    "table_names",
]
