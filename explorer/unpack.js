// Unpacks one float32 buffer into figures and words. Plain script; needs numbers.js, words.js, tornado.js:
// the live page feeds it from the server, an offline page by interpolation.
//
// buffer   [k, n_1 … n_k, values …]: k arrays one after the other
// layout   {options: [{label, …}], entries: [{kind, …}]}: each entry takes the next
//          array or arrays of the buffer and says where they go
// handles  {source(name), range(name), axis(name), element(name), width(figure), dark}
//          whatever is missing (not on screen) is skipped; a width of 0 is unknown
const breakeven = (() => {
  const {INK, MUTED, NONE, SERIES, SURFACE, colour, escape, filled, format, mixed, tint} = breakevenNumbers;
  const {RENDERERS, setText} = breakevenWords;

  function put(source, columns) {
    // in place: an assignment to `data` would be sent back to the server
    Object.assign(source.data, columns);
    source.change.emit();
  }

  // columns of several sources, each named by the entry
  function spill(pairs, entry, arrays, layout, handles) {
    for (const [name, columns] of pairs) {
      const source = handles.source(entry[name]);
      if (source) put(source, columns);
    }
  }

  function repeated(value, count) {
    return Array.from({length: count}, () => value);
  }

  function optionColours(count, layout, handles, only) {
    // of each option in turn, or of one of them
    const rows = layout.options.length;
    return Array.from({length: count}, (_, i) => colour(only ?? i % rows, handles.dark));
  }

  // of lines that are no options, named one by one
  const seriesColours = ({series}, handles) => series.map((name) => SERIES[handles.dark ? "dark" : "light"][name]);

  function spread(values, low, high, gap, log) {
    // label heights moved apart by at least `gap` of the axis, in the same order
    const scale = log ? Math.log10 : (v) => v;
    const [a, b] = [scale(low), scale(high)];
    const at = (v) => (scale(v) - a) / (b - a);
    const order = [...values.keys()].filter((i) => Number.isFinite(values[i]));
    order.sort((i, j) => values[i] - values[j]);
    // isotonic regression of the places less k gaps: as near as can be to the lines
    const blocks = [];
    order.forEach((i, k) => {
      blocks.push({sum: Math.min(Math.max(at(values[i]), 0), 1) - k * gap, size: 1});
      while (blocks.length > 1) {
        const [below, above] = blocks.slice(-2);
        if (below.sum / below.size <= above.sum / above.size) break;
        blocks.splice(-2, 2, {sum: below.sum + above.sum, size: below.size + above.size});
      }
    });
    const place = blocks.flatMap(({sum, size}) => repeated(sum / size, size)).map((v, k) => v + k * gap);
    const [least, most] = [0.02, 0.98];
    const shift = Math.max(0, least - place[0]) + Math.min(0, most - place[place.length - 1]);
    place.forEach((v, k) => { place[k] = v + shift; });
    const result = Array.from(values, () => NaN);
    order.forEach((i, k) => {
      const v = a + place[k] * (b - a);
      result[i] = log ? 10 ** v : v;
    });
    return result;
  }

  // the numbers of a plot as a table, for whoever cannot see it: filled when opened
  function fillData(details, x, ys, table, layout) {
    const names = table.names ?? layout.options.map((option) => option.label);
    const rows = Math.min(13, x.length);
    const picked = Array.from({length: rows}, (_, i) => Math.round(i * (x.length - 1) / Math.max(1, rows - 1)));
    const head = names.map((name, i) => `<th scope="col" class="${table.names ? "" : `o${i}`}"><i></i>${escape(name)}</th>`).join("");
    const body = picked.map((k) => `<tr><th scope="row">${escape(format(table.xformat, x[k]))}</th>${
      ys.map((y) => `<td>${escape(format(table.format, y[k]))}</td>`).join("")}</tr>`).join("");
    details.querySelector("div").innerHTML = `<table class="numbers data"><thead><tr><th scope="col">${escape(table.x)}</th>${head}</tr></thead><tbody>${body}</tbody></table>`;
  }

  // [start, end, last]: the end moved so that the names fit behind the last value
  let pen = null;
  function roomy(ends, layout, width) {
    if (!(width > 120)) return ends;
    pen ??= document.createElement("canvas").getContext("2d");
    pen.font = "bold 13px Roboto, Helvetica, Arial, sans-serif";
    const names = layout.options.map((option) => pen.measureText(option.label).width);
    const share = Math.min(0.5, (Math.max(...names) + 16) / width);
    return [ends[0], ends[0] + (ends[2] - ends[0]) / (1 - share), ends[2]];
  }

  // words stand below their mark, above it where the axis is near
  function lifts(y, entry, handles) {
    const range = entry.lift && handles.range(entry.lift);
    return Array.from(y, (v) => (range && v - range.start < 0.105 * (range.end - range.start) ? -18 : 17));
  }

  const KINDS = {
    // x (L) and y (R × L): one multi_line, a row an option
    paths(entry, [x, y], layout, handles) {
      const source = handles.source(entry.source);
      if (!source) return;
      const rows = Math.round(y.length / x.length);
      const xs = repeated(x, rows);
      const ys = Array.from({length: rows}, (_, r) => y.subarray(r * x.length, (r + 1) * x.length));
      const plain = entry.ink && repeated(INK[handles.dark ? "dark" : "light"], rows);
      const own = entry.series && seriesColours(entry, handles);
      put(source, {xs, ys, colour: own || plain || optionColours(rows, layout, handles, entry.option)});
      const table = entry.table && handles.element(entry.table.element);
      if (table) {
        table.__fill = () => fillData(table, x, ys, entry.table, layout);
        if (table.open) table.__fill();
      }
    },
    // x (L), low and high (R × L): one multi_polygons, there and back for each option
    bands(entry, [x, low, high], layout, handles) {
      const source = handles.source(entry.source);
      if (!source) return;
      const rows = Math.round(low.length / x.length);
      const shape = {xs: [], ys: [], colour: optionColours(rows, layout, handles)};
      for (let r = 0; r < rows; r++) {
        const from = r * x.length;
        const known = [...x.keys()].filter((k) => Number.isFinite(low[from + k] + high[from + k]));
        const back = [...known].reverse();
        shape.xs.push(known.length ? [[[...known, ...back].map((k) => x[k])]] : []);
        shape.ys.push(known.length ? [[[...known.map((k) => low[from + k]), ...back.map((k) => high[from + k])]]] : []);
      }
      put(source, shape);
    },
    // columns of equal length: numbers as they are, texts from a template
    columns(entry, arrays, layout, handles) {
      const source = handles.source(entry.source);
      if (!source) return;
      const columns = {};
      entry.columns.forEach((name, k) => { columns[name] = arrays[k]; });
      const count = arrays[0].length;
      if (entry.words) columns.text = entry.words;
      if (entry.text || entry.texts) {
        columns.text = Array.from({length: count}, (_, i) => {
          const values = {label: layout.options[i % layout.options.length].label};
          entry.columns.forEach((name, k) => { values[name] = arrays[k][i]; });
          const shown = Number.isFinite(values.x) && Number.isFinite(values.y ?? 0);
          return shown ? filled(entry.texts?.[i] ?? entry.text, values).replace(`${NONE} (${NONE} to ${NONE})`, "not disclosed") : "";
        });
      }
      columns.colour = entry.series ? seriesColours(entry, handles) : entry.ink
        ? repeated((entry.ink === "strong" ? INK : MUTED)[handles.dark ? "dark" : "light"], count)
        : optionColours(count, layout, handles, entry.option);
      put(source, columns);
      const words = handles.source(entry.source + "-text");
      if (words) put(words, {...columns, dy: lifts(arrays[1], entry, handles)});
    },
    // names at the ends of lines: x (R), y (R), [low, high] of the axis
    ends(entry, [x, y, axis], layout, handles) {
      const source = handles.source(entry.source);
      if (!source) return;
      const names = entry.names || layout.options.map((option) => option.label);
      put(source, {
        x, y: spread(y, axis[0], axis[1], entry.gap || 0.075, entry.log),
        text: names.map((name, i) => (Number.isFinite(y[i]) ? name : "")),
        colour: optionColours(names.length, layout, handles, entry.option),
      });
    },
    // left and right edges (S × R): stacked bars in tints of the option's colour
    stack(entry, [left, right], layout, handles) {
      const source = handles.source(entry.source);
      if (!source) return;
      const rows = layout.options.length;
      const steps = left.length / rows;
      const theme = handles.dark ? "dark" : "light";
      const widest = Math.max(...Array.from(right, (v) => (Number.isFinite(v) ? v : 0)));
      const bars = {left, right, bottom: [], top: [], colour: []};
      const names = {x: [], y: [], text: [], colour: []};
      const ends = {x: [], y: [], text: [], colour: []};
      for (let s = 0; s < steps; s++) {
        for (let r = 0; r < rows; r++) {
          const i = s * rows + r;
          const share = tint(s, steps);
          const y = rows - 1 - r;
          bars.bottom.push(y - 0.33);
          bars.top.push(y + 0.2);
          bars.colour.push(mixed(colour(r, handles.dark), SURFACE[theme], share));
          const wide = right[i] - left[i] > widest * (0.0105 * entry.lines[s].length + 0.02);
          names.x.push((left[i] + right[i]) / 2);
          names.y.push(y - 0.065);
          names.text.push(wide ? entry.lines[s] : "");
          names.colour.push(handles.dark ? (share < 0.4 ? "#0B1016" : INK.dark) : (share < 0.3 ? "#FFFFFF" : INK.light));
        }
      }
      for (let r = 0; r < rows; r++) {
        const total = right[(steps - 1) * rows + r];
        ends.x.push(0);
        ends.y.push(rows - 1 - r + 0.38);
        ends.text.push(`${layout.options[r].label}   ${Number.isFinite(total) ? format(entry.format, total) : "no cost: see why below"}`);
        ends.colour.push(colour(r, handles.dark));
      }
      put(source, bars);
      for (const [name, columns] of [["names", names], ["ends", ends]]) {
        const found = handles.source(entry[name]);
        if (found) put(found, columns);
      }
      const range = handles.range(entry.range);
      if (range) range.setv({start: -0.5, end: rows - 0.4}, {sync: false});
    },
    // values (G × R): a block of bars for each of the groups
    grouped(...all) { spill(breakevenGrouped(...all), ...all); },
    // place of the input, its ends, the answer at each (N), the answer now
    tornado(...all) { spill(breakevenTornado(...all), ...all); },
    // a picture with a drawing of its own
    picture(entry, [numbers], layout, handles) {
      spill(breakevenPictures[entry.draw](entry, numbers, layout, handles), entry, [numbers], layout, handles);
    },
    // ends of the bar in each row (N)
    ladder(...all) { spill(breakevenLadder(...all), ...all); },
    // [start, end]; not a number leaves the end as it is
    range(entry, [ends], layout, handles) {
      const range = handles.range(entry.range);
      if (!range || !(ends[0] < ends[1])) return;
      if (entry.figure) ends = roomy(ends, layout, handles.width(entry.figure));
      if (range.start !== ends[0] || range.end !== ends[1]) range.setv({start: ends[0], end: ends[1]}, {sync: false});
      // a third number: where the numbers of the axis stop
      const axis = ends.length > 2 && handles.axis(`${entry.range}axis`);
      if (axis && (axis.bounds === "auto" || axis.bounds?.[1] !== ends[2])) axis.setv({bounds: [ends[0], ends[2]]}, {sync: false});
    },
    // anything in words: a named renderer writes into an element
    words(entry, arrays, layout, handles) {
      const element = handles.element(entry.element);
      if (element) RENDERERS[entry.render](element, arrays, layout, entry, handles);
    },
  };
  const TAKES = {paths: 2, bands: 3, ends: 3, stack: 2, range: 1, tornado: 6, ladder: 2};

  function arraysOf(buffer) {
    const count = buffer[0];
    const arrays = [];
    let start = 1 + count;
    for (let i = 0; i < count; i++) {
      const size = buffer[1 + i];
      arrays.push(buffer.subarray(start, start + size));
      start += size;
    }
    return arrays;
  }

  function unpack(buffer, layout, handles) {
    const arrays = arraysOf(buffer);
    let next = 0;
    const titled = handles.element("strip/eyebrow");
    if (titled) setText(titled, layout.title || "");
    for (const entry of layout.entries) {
      const taken = entry.kind === "columns" ? entry.columns.length : TAKES[entry.kind] ?? 1;
      const mine = arrays.slice(next, next + taken);
      next += taken;
      KINDS[entry.kind](entry, mine, layout, handles);
    }
    if (next !== arrays.length) throw new Error(`layout takes ${next} of ${arrays.length} arrays`);
  }

  // bands, and what fades with them, of inputs that are no longer those of the lines
  function forget(entries, handles) {
    for (const {kind, fades, source: name} of entries) {
      const sources = kind === "bands" || fades ? [handles.source(name), handles.source(`${name}-text`)] : [];
      for (const source of sources) if (source) put(source, Object.fromEntries(Object.keys(source.data).map((column) => [column, []])));
    }
  }

  return {...breakevenNumbers, unpack, forget, arraysOf};
})();
