"""The parts of the page that are no stock widget: controls, hub, slots, evidence.

They are thin: each is a JavaScript file beside this one. Controls send what moved,
the hub receives one buffer per event, slots are named places that it fills.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files
from typing import Any, ClassVar

import param
from bokeh.document import Document
from panel.custom import Child, JSComponent
from panel.io.state import set_curdoc

_FOLDER = files("breakeven.explorer")
_LOG = logging.getLogger(__name__)


def script(name: str) -> str:
    """Text of a script or style sheet of the explorer."""
    return (_FOLDER / name).read_text(encoding="utf-8")


CSS = script("explorer.css")
TOKENS = script("tokens.css")
UNPACK = "".join(
    script(f"{name}.js")
    for name in (
        "restyle",
        "ticks",
        "numbers",
        "words",
        "shares",
        "tornado",
        "pictures",
        "density",
        "grouped",
        "ladder",
        "unpack",
    )
)


class _Part(JSComponent):
    """A component that belongs to one page, found by the page's key."""

    key = param.String(doc="Key of the page that the component belongs to")

    __abstract = True

    def _get_properties(self, doc: Document | None) -> dict[str, Any]:
        # Its script is what browsers know: compiled anew for each page that opens, it
        # would cost a tenth of the time until something is seen.
        found = super()._get_properties(doc)
        found["bundle"] = sha256(found["esm"].encode()).hexdigest()
        return found


class _Speaker(_Part):
    """A component whose messages somebody hears."""

    __abstract = True

    def __init__(
        self, on_message: Callable[[dict[str, Any]], None], **params: Any
    ) -> None:
        self._on_message = on_message
        super().__init__(**params)

    def _server_event(self, doc: Document, event: Any) -> None:
        # At once, as the document is ours now. Panel would come back to it later and
        # keep a busy state that nobody watches, a third of what a step costs.
        with set_curdoc(doc):
            self._process_event(event)

    def _handle_msg(self, data: Any) -> None:
        if not isinstance(data, dict):  # nothing that the page sends
            return
        try:
            self._on_message(data)
        except Exception:
            _LOG.exception("a message of the browser failed")
            self._send_msg({"failed": True, "seq": data.get("seq")})


class Hub(_Speaker):
    """Receives the buffers of a page and feeds them to its figures and slots."""

    start = param.Dict(doc="First message: what a page shows before it is connected")

    _constants: ClassVar[dict[str, Any]] = {"tokens": TOKENS, "css": CSS}
    _esm = UNPACK + "".join(
        script(f"{n}.js")
        for n in ("tour", "presence", "handout", "shelf", "tap", "hub")
    )

    def send(self, message: dict[str, Any]) -> None:
        """Send a message to the browser; arrays travel as binary."""
        self._send_msg(message)


class Frame(_Speaker):
    """Bar, drawer and main part of a page; as the root of a document its template."""

    title = param.String(doc="Name in the bar")
    menu = param.List(doc="Lines of the Share menu: label, kind, mark")
    sidebar = Child(doc="What is in the drawer")
    main = Child(doc="What the page is about")
    whole = param.Boolean(default=False, doc="Whether the page fills its window")

    _esm = script("frame.js")
    _stylesheets: ClassVar[list[str]] = [script("frame.css")]

    def server_doc(
        self,
        doc: Document | None = None,
        title: str | None = None,
        location: Any = True,
    ) -> Document:
        """Document with the page in it."""
        found = super().server_doc(doc, title or self.title, location)
        found.template = script("frame.html")
        return found


class Controls(_Speaker):
    """Sliders, boxes and pickers, declared by ``spec``; every move is one message."""

    spec = param.List(doc="Sections of the controls")
    # one text is on its way ten times as quickly as a tree of ten thousand parts
    text = param.String(doc="The same as JSON, which is what travels")
    address = param.Boolean(default=False, doc="Whether the page keeps its address")
    docs = param.String(default="", doc="Where the documentation is, empty: nowhere")

    _rename: ClassVar[dict[str, str | None]] = {"spec": None}
    _esm = script("dials.js") + script("tip.js") + script("controls.js")
    _turn = 0

    def renew(self, spec: list[dict[str, Any]]) -> None:
        """Show controls anew, even if they are those that were sent last.

        What a reader has moved since is known to the browser alone: on the way back
        to where the page began, the same controls would not travel again.
        """
        self._turn += 1
        if spec == self.spec:
            self._write()
        else:
            self.spec = spec

    @param.depends("spec", watch=True, on_init=True)
    def _write(self) -> None:
        told = {"turn": self._turn, "sections": self.spec}
        self.text = json.dumps(told, separators=(",", ":"))


class Nav(_Speaker):
    """Sections and views of a page; a click is one message."""

    sections = param.List(doc="Sections: title, and name and title of each view")
    active = param.String(doc="Name of the view that is open")

    _esm = script("nav.js")


class Slot(_Part):
    """A named place for words, numbers or a table."""

    slot = param.String(doc="Name of the place")
    tag = param.String(default="div", doc="HTML element")
    look = param.String(default="", doc="Classes of the style sheet")
    html = param.String(default="", doc="First content")

    _esm = script("slot.js")


class Ledger(_Part):
    """The evidence table: searchable, filtered by status, in groups."""

    rows = param.List(doc="Rows: input, value, unit, range, status, source, date, note")
    trace = param.List(doc="Steps of the headline number, redone by hand")

    _esm = UNPACK + script("ledger.js")
