// Bokeh writes the style sheet of every part of a plot at every paint, mostly with the
// same text; the browser then works out the styles again, two dozen times a move.
(() => {
  const shape = globalThis.Bokeh?.require?.("core/dom").InlineStyleSheet?.prototype;
  if (!shape || shape.breakeven) return;
  const plain = shape._update;
  shape.breakeven = true;
  shape._update = function (css) {
    if (this.el.textContent !== css) plain.call(this, css);
  };
})();
