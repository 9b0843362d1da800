// The server of a page that has none: it holds a lattice of precomputed results, reads
// between its nodes, and answers the controls with the same buffers as the live page.
(async () => {
  const $ = (id) => document.getElementById(id);
  const told = JSON.parse($("breakeven-data").textContent);
  const root = document.documentElement;
  const key = told.key;
  root.classList.replace("still", "moving");

  // -------------------------------------------------------------------- lattice
  const FORM = [(v) => v, Math.log, (v) => 1 / v];
  const BACK = [(v) => v, Math.exp, (v) => 1 / v];

  async function numbers(text) {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Float32Array(await new Response(stream).arrayBuffer());
  }

  let first, base;

  function load(all) {
    first = all.subarray(0, told.size);
    base = Float32Array.from(first);
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
    const share = part(row, "work_per_month", option)[0] / part(row, "work_per_month", last)[0];
    const gap = Float64Array.from(own, (v, k) => v - rival[k] * share);
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
    const row = Float32Array.from(base);
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

  // ------------------------------------------------------------------ the figures
  const documents = [], drawn = [];
  const found = {get_model_by_name: (name) => {
    for (const one of documents) {
      const model = one.get_model_by_name(name);
      if (model) return model;
    }
    return null;
  }};

  async function draw(view) {
    const item = told.figures[view];
    if (!item) return;
    const ids = Object.keys(item.roots);
    const managers = await Bokeh.embed.embed_items({[view]: item.document}, [{docid: view, roots: item.roots, root_ids: ids}]);
    const mine = managers[0].roots.filter((one) => one.model.id in item.roots);
    documents.push(mine[0].model.document);
    drawn.push(...mine);
  }

  function ink(dark) {
    const [text, muted] = dark ? ["#E9EEF3", "#9DABB9"] : ["#17212B", "#5A6673"];
    for (const {model} of drawn) {
      for (const axis of [...model.below, ...model.left]) {
        if ("axis_label_text_color" in axis) axis.setv({axis_label_text_color: text, major_label_text_color: muted});
      }
    }
  }

  // ------------------------------------------------------------- theme, as the page's
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const followers = [];
  const pageView = {
    parent: null,
    shadow_el: {adoptedStyleSheets: []},
    model: {
      class_name: "Page", document: found,
      data: {dark_theme: scheme.matches, properties: {dark_theme: {change: {connect: (f) => followers.push(f)}}}},
    },
  };
  const themed = (dark) => {
    pageView.model.data.dark_theme = dark;
    ink(dark);
    for (const follow of followers) follow();
  };
  scheme.addEventListener("change", () => themed(scheme.matches));

  // --------------------------------------------------- the server's side of the wire
  const page = breakevenHub.pageOf(key);
  for (const element of document.querySelectorAll("[data-slot]")) {
    page.elements[element.dataset.slot] = element;
    element.addEventListener("toggle", () => { if (element.open && element.__fill) element.__fill(); });
  }
  const specs = new Map(told.sections.flatMap((section) => section.controls.map((c) => [c.name, c])));
  const now = Object.fromEntries(told.axes.map((axis) => [axis.name, axis.now]));
  const values = {...now};
  const handles = breakevenHub.handlesOf(page, key, found);
  let view = told.views[0], row, receive, waiting = null, frame = 0, later = 0;

  const answer = (more = {}) => receive({data: {view, buffer: bufferOf(row, view), ...more}});

  // tabs that nobody sees follow when the hand rests, so that print shows all of them
  function others() {
    clearTimeout(later);
    later = setTimeout(() => {
      for (const name of told.views) {
        if (name !== view && told.figures[name]) breakeven.unpack(bufferOf(row, name), told.layouts[name], handles);
      }
    }, 300);
  }

  function change({type, values: asked = {}, seq}) {
    const errors = {}, good = {};
    if (type === "reset") Object.assign(good, Object.assign(values, now));
    for (const [name, value] of Object.entries(asked)) {
      const axis = told.axes.find((one) => one.name === name);
      const wanted = value !== null && typeof value === "object" ? axis.now : value;
      const [low, high] = [axis.nodes[0], axis.nodes[axis.nodes.length - 1]];
      if (!(wanted >= low && wanted <= high)) {
        errors[name] = `this file knows ${breakevenControls.shown(specs.get(name), low)} to ${breakevenControls.shown(specs.get(name), high)}`;
        good[name] = values[name];
      } else values[name] = wanted;
    }
    waiting = {seq, errors, values: good};
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      row = rowAt(values);
      answer(waiting);
      page.values = {...values};
      others();
      moved();
    });
  }

  // on a narrow screen the answer is above the controls: the bar repeats it
  const sentence = document.querySelector('[data-slot="strip/sentence0"]');
  const bar = document.querySelector(".bar");
  new IntersectionObserver(([entry]) => bar.classList.toggle("told", !entry.isIntersecting), {rootMargin: "-52px 0px 0px"}).observe(sentence);

  function moved() {
    $("said").innerHTML = sentence.innerHTML;
    const changed = told.axes.filter((axis) => values[axis.name] !== axis.now);
    $("moved").textContent = changed.length
      ? changed.map((axis) => `--set ${axis.name}=${values[axis.name]}`).join(" ") : "";
    $("moved-line").hidden = !changed.length;
  }

  // ------------------------------------------------------------------------- tabs
  for (const details of document.querySelectorAll("details")) details.open = false;
  const tabs = [...document.querySelectorAll("[role=tab]")];

  function open(name, focus) {
    view = name;
    for (const tab of tabs) {
      const on = tab.dataset.view === name;
      tab.setAttribute("aria-selected", on);
      tab.tabIndex = on ? 0 : -1;
      if (on && focus) tab.focus();
      $(`panel-${tab.dataset.view}`).classList.toggle("open", on);
      $(`panel-${tab.dataset.view}`).inert = !on;
    }
    if (receive) answer({layout: told.layouts[name]});
  }

  tabs.forEach((tab, i) => {
    tab.addEventListener("click", () => open(tab.dataset.view));
    tab.addEventListener("keydown", (event) => {
      const to = {ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1}[event.key];
      if (to === undefined) return;
      event.preventDefault();
      open(tabs[(to + tabs.length) % tabs.length].dataset.view, true);
    });
  });
  open(view);

  // ------------------------------------------------------------------------ print
  // on paper: light, every tab, each plot as a picture that fits the width
  addEventListener("beforeprint", () => {
    page.dark = false;
    root.dataset.breakeven = "light";
    ink(false);
    for (const name of told.views) breakeven.unpack(bufferOf(row, name), told.layouts[name], handles);
    for (const plot of drawn) {
      // colours at once: the usual way waits, and paper does not
      for (const part of plot.computed_renderer_views) {
        part.glyph?.set_visuals?.(part.model.data_source, part.all_indices);
      }
      plot.paint();
      const canvas = [...plot.el.shadowRoot.querySelectorAll("*")].flatMap((e) => [e, ...(e.shadowRoot?.querySelectorAll("canvas") || [])]).find((e) => e.tagName === "CANVAS");
      const picture = document.createElement("img");
      picture.className = "paper";
      picture.alt = plot.el.getAttribute("aria-label") || "";
      picture.src = canvas.toDataURL();
      plot.el.parentElement.after(picture);
    }
  });
  addEventListener("afterprint", () => {
    document.querySelectorAll("img.paper").forEach((picture) => picture.remove());
    themed(scheme.matches);
  });

  // ------------------------------------------------------------------------ start
  const evidence = breakevenLedger.render({model: {rows: told.rows, trace: [], on: () => {}}, view: pageView});
  $("ledger").replaceChildren(evidence);
  $("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText($("toml").textContent);
    $("copy").textContent = "Copied";
  });
  $("save").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([$("toml").textContent], {type: "application/toml"}));
    link.download = told.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  if (typeof DecompressionStream === "undefined") {
    $("too-old").hidden = false;
    return;
  }
  load(await numbers($("breakeven-lattice").textContent));
  row = first;
  await draw(view);
  ink(scheme.matches);
  breakevenHub.render({
    view: pageView,
    model: {
      key, esm_constants: {tokens: "", css: ""},
      on: (_, heard) => { receive = heard; },
      send_msg: (message) => { if (message.type === "ready") answer({layout: told.layouts[view]}); },
    },
  });
  if (told.axes.length) {
    $("desk").replaceChildren(breakevenControls.render({
      view: pageView,
      model: {
        key, spec: told.sections, address: false, on: () => {},
        send_msg: change,
      },
    }));
  }
  moved();
  page.values = {...values};
  page.rowAt = rowAt;
  root.classList.add("ready");
  for (const name of told.views) if (name !== view) await draw(name);
  ink(scheme.matches);
  answer({layout: told.layouts[view]});
  others();
  root.classList.add("complete");
})();
