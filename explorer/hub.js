// Glue between a Panel page and unpack.js: finds figures by name, elements by slot,
// applies each buffer as it lands, and tells the controls that it is on screen.
function pageOf(key) {
  const pages = (globalThis.breakevenPages ??= {});
  return (pages[key] ??= {elements: {}, waiting: {}, layouts: {}, listeners: [], dark: false});
}

function handlesOf(page, key, doc) {
  const found = new Map();
  const named = (name) => {
    const full = `${key}:${name}`;
    let model = found.get(full);
    if (!model) {
      model = doc.get_model_by_name(full);
      if (model) found.set(full, model);
    }
    return model;
  };
  return {
    source: named,
    range: named,
    axis: named,
    element: (name) => page.elements[name],
    width: (name) => {
      const figure = named(name);
      const drawn = figure && Bokeh.index.find_one_by_id(figure.id);
      return drawn?.frame?.bbox.width ?? 0;
    },
    get dark() { return page.dark; },
    jump: (name) => page.jump?.(name),
  };
}

// the axes of a figure in the ink of the theme
function inkAxes(figure, dark) {
  const theme = dark ? "dark" : "light";
  if (figure.__ink === theme) return;
  figure.__ink = theme;
  const [ink, muted] = [breakeven.INK[theme], breakeven.MUTED[theme]];
  for (const axis of [...figure.below, ...figure.left]) {
    if ("axis_label_text_color" in axis) axis.setv({axis_label_text_color: ink, major_label_text_color: muted}, {sync: false});
  }
}

// Numbers on an axis grow and shrink as a hand moves, and with each the whole figure would be
// laid out anew, half of what a frame costs: an axis keeps the most room that it has taken.
function steadyAxes(drawn) {
  for (const side of drawn.model.side_panels) {
    const axis = drawn.renderer_views.get(side);
    if (!axis?.get_size || axis.__steady) continue;
    axis.__steady = true;
    const plain = axis.get_size.bind(axis);
    let most = 0;
    axis.get_size = () => {
      const size = plain();
      most = Math.max(most, size.height);
      return {...size, height: size.height && most};
    };
  }
}

// one style sheet for the components of all pages, each in its own shadow root
function sheet() {
  return globalThis.breakevenSheet ??= new CSSStyleSheet();
}

function globalStyle(css) {
  if (document.getElementById("breakeven-tokens")) return;
  const style = document.createElement("style");
  style.id = "breakeven-tokens";
  style.textContent = css;
  document.head.appendChild(style);
}

function notes(element, lines) {
  if (element) element.innerHTML = lines.map((line) => `<li>${breakeven.escape(line)}</li>`).join("");
}

// sentences in which every option has its colour
function says(element, lines, options) {
  if (!element) return;
  const labels = options.map(({label}, k) => [label, k]).sort((a, b) => b[0].length - a[0].length);
  const any = new RegExp(labels.map(([label]) => label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  const toned = (line) => {
    let html = "", from = 0;
    for (const match of line.matchAll(any)) {
      const k = labels.find(([label]) => label === match[0])[1];
      html += `${breakeven.escape(line.slice(from, match.index))}<span class="o o${k}">${breakeven.escape(match[0])}</span>`;
      from = match.index + match[0].length;
    }
    return html + breakeven.escape(line.slice(from));
  };
  element.innerHTML = lines.map((line) => `<li>${labels.length ? toned(line) : breakeven.escape(line)}</li>`).join("");
}

export function render({model, view}) {
  sheet().replaceSync(model.esm_constants.css);
  const key = model.key;
  const page = pageOf(key);
  globalStyle(model.esm_constants.tokens);
  const handles = handlesOf(page, key, view.model.document);
  const root = document.createElement("div");
  root.className = "hub";

  // read out once the hand rests, not at every step of a drag
  let quiet = 0;
  const speak = () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      const live = page.elements["strip/live"];
      const said = [0, 1, 2].map((i) => page.elements[`strip/sentence${i}`]?.textContent ?? "").join(" ");
      if (live && live.textContent !== said) live.textContent = said;
    }, 1200);
  };

  page.apply = () => {
    if (!page.last) return;
    const {view: name, buffer, more} = page.last;
    const plain = page.layouts[name];
    if (!plain) return;
    const layout = {...plain, entries: [...plain.entries, ...more]};
    for (const [axis, label] of Object.entries(layout.axes || {})) {
      const found = handles.axis(axis);
      if (found && found.axis_label !== label) found.setv({axis_label: label}, {sync: false});
    }
    let late = false;
    for (const [figure, words] of Object.entries(layout.figures || {})) {
      const found = handles.axis(figure);
      const drawn = found && Bokeh.index.find_one_by_id(found.id);
      if (drawn) steadyAxes(drawn);
      else late = true;
      if (found) inkAxes(found, page.dark);
      if (drawn && drawn.el.getAttribute("aria-label") !== words) {
        drawn.el.setAttribute("role", "img");
        drawn.el.setAttribute("aria-label", words);
        // nothing in it is worked by keyboard: the table of its data is
        const layer = drawn.canvas_view?.events_el;
        if (layer) layer.tabIndex = -1;
      }
    }
    breakeven.unpack(buffer, layout, handles);
    breakevenTap(layout.entries, handles, (input, value) => page.put?.(input, value));
    // a view that was just opened is not drawn at once on a busy machine
    if (late && (page.waits = (page.waits ?? 0) + 1) < 40) settle();
    speak();
    page.arrays = breakeven.arraysOf(buffer);
  };

  page.say = say;

  // how far the work on the ranges is, and a way to end it
  const working = (share) => {
    const bar = page.elements["strip/work"];
    if (!bar) return;
    if (!bar.firstChild) {
      bar.innerHTML = `<progress max="1" aria-label="Ranges of the answers"></progress><button type="button">Stop</button>`;
      bar.querySelector("button").addEventListener("click", () => {
        model.send_msg({type: "stop"});
        bar.hidden = true;
      });
    }
    bar.hidden = page.sharp = share >= 1;
    bar.firstChild.value = share;
  };
  const tour = tourOf(page);
  root.ownerDocument.addEventListener("click", (event) => {
    const button = event.composedPath().find((part) => part.dataset?.slot === "strip/tour");
    if (button && button === page.elements["strip/tour"]) tour(button);
  });

  const shelf = shelfOf(page, (message) => model.send_msg(message));
  const receive = (message) => {
    if (message.layout) {
      page.waits = 0;
      page.layouts[message.view] = message.layout;
      // a scenario with fewer options has fewer sentences: none of the last one stays
      for (const name of ["strip/sentence0", "strip/sentence1", "strip/sentence2"]) {
        const element = page.elements[name];
        if (!element || message.layout.entries.some((entry) => entry.element === name)) continue;
        element.innerHTML = element.__html = "";
      }
      settle();
    }
    if (message.buffer) {
      const raw = message.buffer;
      // a plain view: the array type of BokehJS has a subarray() of its own
      const buffer = raw.buffer ? new Float32Array(raw.buffer, raw.byteOffset, raw.length) : new Float32Array(raw);
      // ranges belong to the inputs that they were found for, and to no others
      // of a moment ago, while they move: they follow with one of the next messages
      const stay = message.keep && page.last?.view === message.view;
      if (message.ranges) page.shown = message.ranges;
      else if (!stay) { breakeven.forget(page.shown ?? [], handles); page.shown = []; }
      page.last = {view: message.view, buffer, more: message.ranges ?? []};
      if (!message.ranges) {
        page.sharp = false;
        if (page.elements["strip/work"]) page.elements["strip/work"].hidden = true;
      }
      page.ranged = !!message.ranges || (stay && page.ranged);
      for (const name of ["strip/figures", "strip/odds"]) page.elements[name]?.classList.toggle("past", !page.ranged);
      page.apply();
      page.painted = (page.painted || 0) + 1;
      if (message.seq !== undefined) page.landedAt = performance.now(); // an answer to a step
    }
    if (message.said) says(page.elements[`${message.view}/said`], message.said, page.layouts[message.view]?.options ?? []);
    if (message.notes) notes(page.elements["strip/notes"], message.notes);
    if (message.file) save(message.file);
    if (message.busy !== undefined) busy(message.busy);
    if (message.say) say(message.say);
    if (message.copy) clip(location.href, "Link copied");
    if (message.clip) clip(message.clip, message.told);
    if (message.progress !== undefined) working(message.progress);
    shelf.receive(message);
    for (const listener of page.listeners) listener(message);
  };
  page.failed = ({seq}) => {
    say("That did not work; the server's log says why.");
    for (const listener of page.listeners) listener({seq});
  };
  model.on("msg:custom", (event) => {
    const message = event.data ?? event;
    (message.failed ? page.failed : receive)(message);
  });
  watchServer(view.model.document, page);

  page.themed = () => requestAnimationFrame(page.apply);
  // figures that were just opened or resized have another width: names need other room
  let settled = 0;
  const settle = () => {
    clearTimeout(settled);
    settled = setTimeout(page.apply, 150);
  };
  page.slotReady = () => { requestAnimationFrame(page.apply); settle(); };
  addEventListener("resize", settle);
  if (model.start) receive(model.start);
  model.send_msg({type: "ready"});
  shelf.begin();
  return root;
}
