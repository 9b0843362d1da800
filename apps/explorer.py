"""The explorer as a page: ``panel serve apps/explorer.py``."""

from breakeven.explorer import Explorer
from breakeven.explorer.door import guard

guard()
Explorer().page.servable(title="Breakeven")
