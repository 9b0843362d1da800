"""The explorer as a page: ``panel serve apps/explorer.py``."""

from breakeven.explorer import Explorer

Explorer().page.servable(title="Breakeven")
