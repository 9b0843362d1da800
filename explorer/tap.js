// A click on a map sets the inputs of its axes, one on a bar goes to its control. Plain
// script; needs nothing.
const breakevenTap = (() => {
  // where a click lies within the frame of a figure, in its own numbers; nothing outside
  function place(drawn, event) {
    const box = drawn.el.getBoundingClientRect();
    const [sx, sy] = [event.clientX - box.left, event.clientY - box.top];
    const {left, right, top, bottom} = drawn.frame.bbox;
    if (sx < left || sx > right || sy < top || sy > bottom) return null;
    return [drawn.frame.x_scale.invert(sx), drawn.frame.y_scale.invert(sy)];
  }

  // attach once to each figure that an entry of the layout says can be clicked
  return (entries, handles, set) => {
    for (const entry of entries) {
      if (!entry.tap) continue;
      const figure = handles.axis(`${entry.tap}/figure`);
      const drawn = figure && Bokeh.index.find_one_by_id(figure.id);
      if (!drawn) continue;
      const fresh = !drawn.breakevenTap;
      drawn.breakevenTap = entry;
      if (!fresh) continue;
      drawn.el.style.cursor = entry.kind === "tornado" ? "pointer" : "crosshair";
      drawn.el.addEventListener("click", (event) => {
        const at = place(drawn, event);
        if (!at) return;
        const {kind, rows, bars} = drawn.breakevenTap;
        if (kind === "tornado") return handles.jump?.(bars?.[Math.floor(rows - at[1])]);
        drawn.breakevenTap.axes.forEach(({name, log}, k) =>
          set(name, Number((log ? 10 ** at[k] : at[k]).toPrecision(3))));
      });
    }
  };
})();
