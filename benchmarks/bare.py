"""The least page of its kind, one curve in one figure: the floor of first_paint.py."""

import panel as pn
from bokeh.plotting import figure

pn.extension()
plot = figure(height=300)
plot.line([1, 2, 3], [1, 2, 3])
pn.pane.Bokeh(plot).servable()
