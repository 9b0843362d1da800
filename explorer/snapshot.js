// The server of a page that has none: it answers the controls with the same buffers as
// the live page, read from a lattice of precomputed results (lattice.js).
(async () => {
  const $ = (id) => document.getElementById(id);
  // the address says which scenario of the file is shown, and where its sliders stand
  const address = new URLSearchParams(location.hash.slice(1));
  const leaf = $(`leaf-${address.get("leaf")}`);
  if (leaf) document.querySelector(".leaf").replaceWith(leaf.content.cloneNode(true));
  const shown = leaf ? address.get("leaf") : "0";
  for (const button of document.querySelectorAll("[data-leaf]")) {
    button.setAttribute("aria-pressed", button.dataset.leaf === shown);
    if (button.dataset.leaf === shown) document.title = button.textContent;
    button.addEventListener("click", () => {
      keep(button.dataset.leaf);
      location.reload();
    });
  }
  const told = JSON.parse($("breakeven-data").textContent);
  const root = document.documentElement;
  const key = told.key;
  const {load, rowAt, bufferOf: moving} = breakevenLattice(told);
  // a view that stands still: the answers of the sliders, its own arrays as exported
  const bufferOf = (row, view) => {
    if (!told.stills[view]) return moving(row, view);
    const own = told.stills[view].map((values) => values.map((v) => v ?? NaN));
    const arrays = [...breakeven.arraysOf(moving(row, "evidence")), ...own];
    return Float32Array.from([arrays.length, ...arrays.map((a) => a.length), ...arrays.flatMap((a) => [...a])]);
  };
  root.classList.replace("still", "moving");

  // ------------------------------------------------------------------ the figures
  // those of a tab are built when it is opened, or once the page has nothing else to do
  const documents = [], drawn = [], building = {};
  const found = {get_model_by_name: (name) => {
    for (const one of documents) {
      const model = one.get_model_by_name(name);
      if (model) return model;
    }
    return null;
  }};

  const draw = (view) => building[view] ??= drawing(view);

  async function drawing(view) {
    const {roots = {}, document: text} = told.figures[view] ?? {};
    if (!Object.keys(roots).length) return;
    const one = Bokeh.require("document/document").Document.from_json(text);
    documents.push(one);
    // colours and numbers are there before the first paint: it need not be done again
    for (const figure of one.roots()) breakevenHub.inkAxes(figure, page.dark);
    breakeven.unpack(bufferOf(row, view), told.layouts[view], handles);
    const places = one.roots().map(({id}) => $(roots[id]));
    const views = await Bokeh.embed.add_document_standalone(one, document.body, places);
    const plots = views.roots.filter(({model}) => model.id in roots);
    plots.forEach(breakevenWhenSeen);
    drawn.push(...plots);
  }

  // ------------------------------------------------------------- theme, as the page's
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const page = breakevenHub.pageOf(key);
  const pageView = {shadow_el: {adoptedStyleSheets: []}, model: {document: found}};
  function themed(dark) {
    page.dark = dark;
    root.dataset.breakeven = dark ? "dark" : "light";
    for (const {model} of drawn) breakevenHub.inkAxes(model, dark);
    page.themed?.();
  }
  scheme.addEventListener("change", () => themed(scheme.matches));

  // --------------------------------------------------- the server's side of the wire
  for (const element of document.querySelectorAll("[data-slot]")) {
    page.elements[element.dataset.slot] = element;
    element.addEventListener("toggle", () => { if (element.open && element.__fill) element.__fill(); });
  }
  const specs = new Map(told.sections.flatMap((section) => section.controls.map((c) => [c.name, c])));
  const now = Object.fromEntries(told.axes.map((axis) => [axis.name, axis.now]));
  const values = {...now};
  for (const {name, nodes} of told.axes) {
    const given = Number(address.get(name) ?? NaN);
    if (given >= nodes[0] && given <= nodes[nodes.length - 1]) values[name] = given;
  }

  function keep(which) {
    const kept = new URLSearchParams(which === "0" ? {} : {leaf: which});
    for (const {name, now: was} of told.axes) if (values[name] !== was) kept.set(name, values[name]);
    // inside a notebook the page has no address of its own
    if (location.protocol !== "about:") history.replaceState(null, "", `#${kept}`);
  }

  const handles = breakevenHub.handlesOf(page, key, found);
  let view = told.views[0], row, receive, waiting = null, frame = 0, later = 0;

  const answer = (more = {}) => receive({data: {view, buffer: bufferOf(row, view), ...more}});

  // the words of tabs that nobody sees follow when the hand rests; their figures when
  // they are opened, or go to paper
  const words = Object.create(handles, {source: {value: () => null}, range: {value: () => null}});
  function others() {
    clearTimeout(later);
    later = setTimeout(() => {
      for (const name of told.views) {
        if (name !== view && told.figures[name]) breakeven.unpack(bufferOf(row, name), told.layouts[name], words);
      }
      const changed = told.axes.some((axis) => values[axis.name] !== axis.now);
      if (changed || location.hash) keep(shown);
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
    // the first of a frame is answered at once, so that it is painted with that frame
    waiting = {seq, errors, values: good};
    if (!frame) {
      follow();
      frame = requestAnimationFrame(() => {
        frame = 0;
        if (waiting) follow();
      });
    }
  }

  function follow() {
    row = rowAt(values);
    answer(waiting);
    waiting = null;
    page.values = {...values};
    others();
    moved();
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
    if (!receive) return;
    answer({layout: told.layouts[name]});
    if (name === "evidence") ledger();
    else draw(name);
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
    themed(false);
    for (const name of told.views) breakeven.unpack(bufferOf(row, name), told.layouts[name], handles);
    for (const plot of drawn) {
      // colours at once: the usual way waits, and paper does not
      for (const part of plot.computed_renderer_views) {
        part.glyph?.set_visuals?.(part.model.data_source, part.all_indices);
      }
      plot.constructor.prototype.repaint.call(plot);
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
  // the list of inputs stands as exported; to search it is offered where it is looked at
  let listed = false;
  function ledger() {
    if (listed) return;
    listed = true;
    const evidence = breakevenLedger.render({model: {rows: told.rows, trace: [], on: () => {}}, view: pageView});
    $("ledger").replaceChildren(evidence);
  }
  $("copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText($("toml").textContent);
      $("copy").textContent = "Copied";
    } catch {
      getSelection().selectAllChildren($("toml"));
    }
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
  await load($("breakeven-lattice").textContent);
  row = rowAt(values);
  themed(scheme.matches);
  breakevenHub.render({
    view: pageView,
    model: {
      key, esm_constants: {tokens: "", css: ""},
      on: (_, heard) => { receive = heard; },
      send_msg: (message) => { if (message.type === "ready") answer({layout: told.layouts[view]}); },
    },
  });
  for (const c of specs.values()) c.value = values[c.name] ?? c.value;
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
  await draw(view);
  page.readyAt = performance.now();
  root.classList.add("ready");
  const idle = () => new Promise((done) => (globalThis.requestIdleCallback ?? setTimeout)(done));
  for (const name of told.views) {
    await idle();
    await draw(name);
  }
  others();
  root.classList.add("complete");
})().catch((error) => {
  // what was exported stays readable whatever happens
  document.documentElement.classList.replace("moving", "still");
  throw error;
});
