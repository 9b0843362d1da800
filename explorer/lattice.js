// Reads between the nodes of a lattice of precomputed results, as lattice.py does, and
// takes months, volumes and verdicts from the curves it has read. Plain script.
const breakevenLattice = (told) => {
  const FORM = [(v) => v, Math.log, (v) => 1 / v];
  const BACK = [(v) => v, Math.exp, (v) => 1 / v];

  let first;

  async function unpacked(text) {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Float32Array(await new Response(stream).arrayBuffer());
  }

  async function load(text) {
    const all = await unpacked(text);
    first = all.subarray(0, told.size);
    let next = told.size;
    for (const run of told.runs) {
      const sizes = run.axes.map((a) => told.axes[a].nodes.length);
      run.strides = sizes.map((_, j) => sizes.slice(j + 1).reduce((a, b) => a * b, 1));
      const size = sizes.reduce((a, b) => a * b, 1) * run.columns.length;
      run.table = all.subarray(next, next + size);
      next += size;
    }
  }

  // cell of an axis and the share of its upper node, in each form of the coordinate
  function place({nodes, log}, x) {
    let cell = 0;
    while (cell < nodes.length - 2 && x >= nodes[cell + 1]) cell++;
    const shares = FORM.map((f) => (f(x) - f(nodes[cell])) / (f(nodes[cell + 1]) - f(nodes[cell])));
    return {cell, shares, near: cell + (shares[log ? 1 : 0] > 0.5)};
  }

  function read(run, places, row) {
    const count = run.columns.length;
    const form = FORM[run.form];
    const sums = new Float64Array(count);
    const corners = run.nearest ? 1 : 1 << run.axes.length;
    for (let corner = 0; corner < corners; corner++) {
      let weight = 1, at = 0;
      for (let j = 0; j < run.axes.length; j++) {
        const where = places[run.axes[j]];
        const up = (corner >> j) & 1;
        at += (run.nearest ? where.near : where.cell + up) * run.strides[j];
        if (!run.nearest) weight *= up ? where.shares[run.forms[j]] : 1 - where.shares[run.forms[j]];
      }
      if (weight === 0) continue;
      for (let k = 0; k < count; k++) sums[k] += weight * form(run.table[at * count + k]);
    }
    const back = BACK[run.form];
    run.columns.forEach((elements, k) => {
      const value = back(sums[k]);
      for (const element of elements) row[element] = value;
    });
  }

  // ------------------------------------------------- what follows from the curves
  const part = (row, name, option = 0) => {
    const [start, stop] = told.fields[name];
    const size = (stop - start) / (name === "months" || name === "volumes" ? 1 : told.options);
    return row.subarray(start + option * size, start + (option + 1) * size);
  };

  function between(xs, ys, x) {
    if (!Number.isFinite(x)) return NaN;
    let k = 0;
    while (k < xs.length - 2 && x > xs[k + 1]) k++;
    return ys[k] + (ys[k + 1] - ys[k]) * (x - xs[k]) / (xs[k + 1] - xs[k]);
  }

  // month from which the curve stays below the reference's, for the same work
  function crossing(row, option) {
    const last = told.options - 1;
    const own = part(row, "cumulative_cost", option), rival = part(row, "cumulative_cost", last);
    const months = part(row, "months");
    const done = part(row, "work_to_date", option), other = part(row, "work_to_date", last);
    const share = (k) => done[k] / other[k];
    const gap = Float64Array.from(own, (v, k) => v - rival[k] * share(other[k] > 0 ? k : 1));
    if (!gap.every(Number.isFinite) || gap[gap.length - 1] > 0) return NaN;
    let k = gap.length - 1;
    while (k >= 0 && !(gap[k] > 0)) k--;
    return k < 0 ? 0 : months[k] + (months[k + 1] - months[k]) * gap[k] / (gap[k] - gap[k + 1]);
  }

  // unit cost is a + b / volume: two points of the curve give both
  function volume(row, option) {
    const curve = part(row, "cost_by_volume", option), volumes = part(row, "volumes");
    const end = volumes.length - 1;
    const b = (curve[0] - curve[end]) / (1 / volumes[0] - 1 / volumes[end]);
    const margin = part(row, "cost_per_token", told.options - 1)[0] - (curve[end] - b / volumes[end]);
    if (!(margin > 0)) return NaN;
    return part(row, "one_off", option)[0] === 0 ? 0 : b / margin;
  }

  function verdict(row, option) {
    const last = told.options - 1;
    const own = part(row, "cost_per_token", option)[0], rival = part(row, "cost_per_token", last)[0];
    const known = Number.isFinite(own), other = Number.isFinite(rival);
    const month = crossing(row, option), chips = volume(row, option);
    const codes = told.codes;
    const marked = month > 0 ? month : NaN;
    return {
      month, volume: chips,
      code: !known ? codes.own : !other ? codes.rival : Number.isNaN(month) ? codes.never
        : month === 0 ? codes.always : codes.overtakes,
      limit: part(row, "limited_by", known ? last : option)[0],
      costs: !(known && other) ? 0 : own <= rival ? 1 : 2,
      share: Math.abs(own / rival - 1),
      ratio: own / rival,
      volume_said: part(row, "one_off", option)[0] === 0 && own <= rival ? codes.free : chips,
      cross_x: marked,
      cross_y: between(part(row, "months"), part(row, "cumulative_cost", last), marked),
      even_y: Number.isFinite(chips) ? rival : NaN,
    };
  }

  function rowAt(values) {
    if (!told.runs.length || told.axes.every((axis) => values[axis.name] === axis.now)) return first;
    const row = Float32Array.from(first);
    const places = told.axes.map((axis) => place(axis, values[axis.name]));
    for (const run of told.runs) read(run, places, row);
    for (const [index, start, stop, ratio] of told.frames) {
      const known = row.subarray(start, stop).filter(Number.isFinite);
      row[index] = known.length ? ratio * Math.max(...known) : 1;
    }
    const verdicts = Array.from({length: told.options - 1}, (_, i) => verdict(row, i));
    for (const [index, rule, option] of told.patches) row[index] = verdicts[option][rule];
    return row;
  }

  function bufferOf(row, view) {
    const spans = [...told.spans.strip, ...(told.spans[view] || [])];
    const head = [spans.length, ...spans.map(([start, stop]) => stop - start)];
    const buffer = new Float32Array(head.length + spans.reduce((sum, [a, b]) => sum + b - a, 0));
    buffer.set(head);
    let next = head.length;
    for (const [start, stop] of spans) {
      buffer.set(row.subarray(start, stop), next);
      next += stop - start;
    }
    return buffer;
  }

  return {load, rowAt, bufferOf};
};
