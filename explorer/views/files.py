"""Files that a reader brings: a model, measurements, a calibration."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from panel.viewable import Viewable

from breakeven.explorer import accuracy, fields, fitting, predicting, uploads
from breakeven.explorer.fitting import Measured
from breakeven.explorer.overlay import Overlay
from breakeven.explorer.views.base import FLOW, Flow
from breakeven.presets import calibrated
from breakeven.presets.calibrated import EffectRow

if TYPE_CHECKING:
    from breakeven.explorer.views.accuracy import Accuracy

FEWEST = 3  # rows from which a kind of work is fitted
_HINT = (
    "A model is a config.json as Hugging Face has it. Measurements are a CSV file with "
    "columns id, chip, model, precision, phase, quantity and measured (token/s per "
    "chip); a calibration is what `breakeven calibrate` writes. At most 1 MB; nothing "
    "is kept."
)


class Files:
    """Choosers of files, what was understood, and a button that applies it."""

    def __init__(self, view: Accuracy) -> None:
        self.view = view
        self.measured: list[Measured] = []
        self.effects: Mapping[str, Sequence[EffectRow]] = {}
        self.source = ""
        self.model = fields.file("Model (config.json)", ".json")
        self.table = fields.file("Measurements or calibration", ".csv")
        self.columns = fields.text("Columns with other names", "isl = Input length")
        self.button = fields.button("Use this calibration", disabled=True)
        self.said = view.slot("said", "says", tag="p")
        self.model.param.watch(self._model_brought, "value")
        self.table.param.watch(self._table_brought, "value")
        self.columns.param.watch(self._table_brought, "value")
        self.button.on_click(self._applied)

    def card(self) -> Viewable:
        """The choosers on one surface."""
        parts = (self.model, self.table, self.columns, self.button)
        row = Flow(*parts, styles={**FLOW, "align-items": "center"})
        return self.view.card("Your own files", _HINT, row, self.said, wide=True)

    def say(self, text: str) -> None:
        """Put one line of words on the card."""
        self.said.html = escape(text)

    # -------------------------------------------------------------------- model
    def _model_brought(self, event: Any) -> None:
        if event.new:
            self.take_model(event.new, str(self.model.filename or "config.json"))

    def take_model(self, data: bytes, file: str) -> None:
        """Make a model that of the scenario, or say in a line why not."""
        try:
            name, shape = uploads.language_model(data, file)
        except ValueError as error:
            self.say(f"Refused: {error}")
            return
        self.view.session.take_model(name, shape, file)
        self.view.renew()
        self.say(f"The model is now {name}, from {file}.")

    # ------------------------------------------------------------- measurements
    def _table_brought(self, event: Any) -> None:
        if self.table.value:
            file = str(self.table.filename or "measurements.csv")
            self.take_table(self.table.value, file)

    def take_table(self, data: bytes, file: str) -> None:
        """Show measurements on the plot, or make a calibration ready to use."""
        self.button.disabled = True
        self.measured, self.effects, self.source = [], {}, file
        try:
            if uploads.is_calibration(data):
                self.effects = uploads.calibration(data, file)
                self.say(f"{file}: a calibration, ready to use.")
            else:
                self._read(data, file)
        except (KeyError, ValueError) as error:
            self.say(f"Refused: {error.args[0]}")
            return
        self._draw()

    def _read(self, data: bytes, file: str) -> None:
        """Measurements of a file, and what is said of them."""
        columns = uploads.column_names(str(self.columns.value or ""))
        self.measured, refused = uploads.measurements(data, file, columns)
        said = f"{file}: {len(self.measured)} rows read"
        if refused:
            said += (
                f", {len(refused)} left out ({refused[0].name}: {refused[0].reason})"
            )
        if self.measured and not self.kinds():
            said += f"; a calibration needs {FEWEST} rows of one kind of work"
        self.say(f"{said}.")

    def kinds(self) -> list[str]:
        """Kinds of work with rows enough to fit."""
        rows = [r for r in self.measured if r.known.case.phase not in fitting.UNFITTED]
        found = [fitting.kind_of(row.known) for row in rows]
        return [kind for kind in calibrated.KINDS if found.count(kind) >= FEWEST]

    def _draw(self) -> None:
        """Show own rows with what the calibration at hand says of them."""
        known = [row.known for row in self.measured]
        found = predicting.predictions(known, self.effects or None)
        self.view.own = tuple(accuracy.comparison(self.measured, found))
        self.button.disabled = not (self.effects or self.kinds())
        self.view.draw()

    # -------------------------------------------------------------- calibration
    async def _applied(self, _: Any) -> None:
        """Fit beside the event loop, then use what was found."""
        self.button.disabled = True
        self.say("Fitting …")
        try:
            if not self.effects:
                self.effects = await asyncio.to_thread(self.fitted)
            self.apply()
        except (ValueError, ArithmeticError) as error:
            self.say(f"Not fitted: {error}")
            self.effects = {}

    def fitted(self) -> dict[str, Sequence[EffectRow]]:
        """The published calibration, once it has seen the reader's rows."""
        date = datetime.now(UTC).date().isoformat()
        found: dict[str, Sequence[EffectRow]] = {}
        for kind in calibrated.KINDS:
            found[kind] = calibrated.effects(kind)
            if kind in self.kinds():
                rows = [r for r in self.measured if fitting.kind_of(r.known) == kind]
                found[kind] = fitting.updated(kind, rows, found[kind], date)
        return found

    def apply(self) -> None:
        """Put the calibration over the stacks of the present options."""
        chips = accuracy.case_chips()
        names = {row.known.case.chip for row in self.measured}
        measured = {chips.get(name, name) for name in names}
        overlay = Overlay(self.effects, self.source, measured)
        options = self.view.session.scenario.options.values()
        labels = [o.option.label for o in options if overlay.covers(o.chip_name)]
        self._draw()
        self.button.disabled = True
        said = f" Own rows: {accuracy.summary(self.view.own)}." if self.view.own else ""
        if not labels:
            self.say(f"No option has a chip that {self.source} measures.{said}")
            return
        self.view.session.calibrate(overlay)
        self.view.renew()
        self.say(
            f"{' and '.join(labels)} now follow {self.source}.{said} "
            "Reset all goes back to the published calibration."
        )
