// Pictures with a drawing of their own. Plain script; needs numbers.js. Each takes the numbers of one array and
// returns pairs: which source of its entry, and the columns that go there.
const breakevenPictures = (() => {
  const {INK, MUTED, SURFACE, colour, filled, mixed} = breakevenNumbers;
  const FULL = Math.log(4);  // ratio of costs from which the colour of a map is full

  const LOSS = {light: "#9A3324", dark: "#E08A7C"};

  function parts(numbers, sizes) {
    let start = 0;
    return sizes.map((size) => numbers.subarray(start, (start += size)));
  }

  function painted(x, y, ratio, own, rival, theme) {
    const cells = {left: [], right: [], bottom: [], top: [], colour: []};
    for (let j = 0; j < y.length - 1; j++) {
      for (let i = 0; i < x.length - 1; i++) {
        const value = Math.log(ratio[j * (x.length - 1) + i]);
        const share = Math.min(1, Math.abs(value) / FULL);
        // a hair wider than they are: no seams between neighbours
        cells.left.push(x[i]);
        cells.right.push(x[i + 1] + (i < x.length - 2 ? 0.06 * (x[i + 1] - x[i]) : 0));
        cells.bottom.push(y[j]);
        cells.top.push(y[j + 1] + (j < y.length - 2 ? 0.06 * (y[j + 1] - y[j]) : 0));
        cells.colour.push(Number.isNaN(value) ? mixed(MUTED[theme], SURFACE[theme], 0.7)
          : mixed(value < 0 ? own : rival, SURFACE[theme], 0.92 - 0.72 * share));
      }
    }
    return cells;
  }

  return {
    // edges along x and y and a margin: cells in the colour of the option where it earns, in that of a loss where not
    margins(entry, numbers, layout, handles) {
      const theme = handles.dark ? "dark" : "light";
      const [x, y, margin] = parts(numbers, entry.sizes);
      const ratio = Array.from(margin, (share) => 1 - share);
      return [["source", painted(x, y, ratio, colour(entry.option, handles.dark), LOSS[theme], theme)]];
    },
    // edges along x and y and a ratio of costs: cells in the colour of whoever is cheaper there, the paler the
    // nearer to equal cost
    map(entry, numbers, layout, handles) {
      const theme = handles.dark ? "dark" : "light";
      const [x, y, ratio] = parts(numbers, entry.sizes);
      const [own, rival] = entry.options.map((i) => colour(i, handles.dark));
      entry.axes.forEach(({log, kind}, k) => {
        const formatter = handles.axis(`${entry.tap}/${"xy"[k]}axis`)?.formatter;
        const tag = `breakeven:${log ? "log-" : ""}${kind}`;
        if (formatter && formatter.tags[0] !== tag) formatter.setv({tags: [tag]}, {sync: false});
      });
      const cells = painted(x, y, ratio, own, rival, theme);
      return [["source", cells]];
    },
    // corners x, corners y, then for each line where it meets the axes and its number; lines and their names
    region(entry, numbers, layout, handles) {
      const theme = handles.dark ? "dark" : "light";
      const [x, y, ends, values] = parts(numbers, entry.sizes);
      const known = [...x.keys()].filter((k) => Number.isFinite(x[k] + y[k]));
      const area = {
        xs: known.length > 2 ? [[[known.map((k) => x[k])]]] : [], ys: known.length > 2 ? [[[known.map((k) => y[k])]]] : [],
        colour: known.length > 2 ? [MUTED[theme]] : [],
      };
      const [right, top] = [entry.frame[0], entry.frame[1]].map((name) => handles.range(name)?.end ?? 1);
      const lines = {xs: [], ys: [], colour: []};
      const names = {x: [], y: [], text: [], colour: []};
      entry.lines.forEach((text, k) => {
        // a chip that a cap does not limit leaves a line along its axis
        const a = Number.isFinite(ends[2 * k]) ? ends[2 * k] : 1e3 * right;
        const b = Number.isFinite(ends[2 * k + 1]) ? ends[2 * k + 1] : 1e3 * top;
        if (!Number.isFinite(values[k]) || !(ends[2 * k] > 0 || ends[2 * k + 1] > 0)) return;
        lines.xs.push([a, 0]);
        lines.ys.push([0, b]);
        lines.colour.push(k === entry.equal ? INK[theme] : MUTED[theme]);
        // named where it is in the frame and a line of text below its top, each at another height
        const from = Math.max(0, 1 - (0.93 * top) / b), to = Math.min(1, (0.72 * right) / a);
        const corner = 0.76 * right, there = b * (1 - corner / a);
        if (from < to) {
          const t = from + (to - from) * entry.places[k];
          names.x.push(a * t);
          names.y.push(b * (1 - t));
        } else if (b * (1 - right / a) < top) {
          // seen in the upper right corner only: named below the line
          names.x.push(corner);
          names.y.push(Math.min(there, top) - 0.07 * top);
        } else return;
        names.text.push(filled(text, {v: values[k]}));
        names.colour.push(k === entry.equal ? INK[theme] : MUTED[theme]);
      });
      return [["area", area], ["source", lines], ["names", names]];
    },
    // options × steps: bars one above the other, a bar a step
    layers(entry, numbers, layout, handles) {
      const rows = layout.options.length;
      const steps = numbers.length / rows;
      const bars = {left: [], right: [], bottom: [], top: [], colour: []};
      for (let s = 0; s < steps; s++) {
        let floor = 0;
        for (let r = 0; r < rows; r++) {
          const value = numbers[r * steps + s];
          if (!(value > 0)) continue;
          bars.left.push(s + 0.62);
          bars.right.push(s + 1.38);
          bars.bottom.push(floor);
          bars.top.push(floor += value);
          bars.colour.push(colour(r, handles.dark));
        }
      }
      return [["source", bars]];
    },
  };
})();
