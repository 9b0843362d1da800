// Cells in the colour of whoever is cheaper there, the paler the nearer to equal cost.
// Plain script; needs numbers.js.
const breakevenMap = (() => {
  const {MUTED, SURFACE, colour, mixed} = breakevenNumbers;
  const FULL = Math.log(4);  // ratio of costs from which the colour is full

  return ([x, y, ratio], layout, handles) => {
    const theme = handles.dark ? "dark" : "light";
    const [own, rival] = [0, layout.options.length - 1].map((i) => colour(i, handles.dark));
    const cells = {left: [], right: [], bottom: [], top: [], colour: []};
    for (let j = 0; j < y.length - 1; j++) {
      for (let i = 0; i < x.length - 1; i++) {
        const value = Math.log(ratio[j * (x.length - 1) + i]);
        const share = Math.min(1, Math.abs(value) / FULL);
        cells.left.push(x[i]);
        cells.right.push(x[i + 1]);
        cells.bottom.push(y[j]);
        cells.top.push(y[j + 1]);
        cells.colour.push(Number.isNaN(value) ? mixed(MUTED[theme], SURFACE[theme], 0.7)
          : mixed(value < 0 ? own : rival, SURFACE[theme], 0.92 - 0.72 * share));
      }
    }
    return cells;
  };
})();
