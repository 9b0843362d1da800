// Glue between a Panel page and unpack.js: finds figures by name, elements by slot,
// applies each buffer as it lands, and tells the controls that it is on screen.
function pageOf(key) {
  const pages = (globalThis.breakevenPages ??= {});
  return (pages[key] ??= {elements: {}, waiting: {}, layouts: {}, listeners: [], dark: false});
}

function themed(view, page, onChange) {
  let parent = view;
  while (parent && parent.model.class_name !== "Page") parent = parent.parent;
  const read = () => {
    const dark = parent ? parent.model.data.dark_theme : false;
    page.dark = !!dark;
    document.documentElement.dataset.breakeven = dark ? "dark" : "light";
    onChange();
  };
  if (parent) parent.model.data.properties.dark_theme.change.connect(read);
  read();
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
    get dark() { return page.dark; },
  };
}

function globalStyle(css) {
  if (document.getElementById("breakeven-tokens")) return;
  const style = document.createElement("style");
  style.id = "breakeven-tokens";
  style.textContent = css;
  document.head.appendChild(style);
}

export function render({model, view}) {
  const key = model.key;
  const page = pageOf(key);
  globalStyle(model.esm_constants.tokens);
  const handles = handlesOf(page, key, view.model.document);
  const root = document.createElement("div");
  root.className = "hub";

  page.apply = () => {
    if (!page.last) return;
    const {view: name, buffer} = page.last;
    const layout = page.layouts[name];
    if (!layout) return;
    for (const [axis, label] of Object.entries(layout.axes || {})) {
      const found = handles.axis(axis);
      if (found && found.axis_label !== label) found.setv({axis_label: label}, {sync: false});
    }
    breakeven.unpack(buffer, layout, handles);
    page.arrays = breakeven.arraysOf(buffer);
  };

  page.send = (message) => model.send_msg(message);

  model.on("msg:custom", (event) => {
    const message = event.data ?? event;
    if (message.layout) page.layouts[message.view] = message.layout;
    if (message.buffer) {
      const raw = message.buffer;
      // a plain view: the array type of BokehJS has a subarray() of its own
      const buffer = raw.buffer ? new Float32Array(raw.buffer, raw.byteOffset, raw.length) : new Float32Array(raw);
      page.last = {view: message.view, buffer};
      page.apply();
      page.painted = (page.painted || 0) + 1;
      page.landedAt = performance.now();
    }
    for (const listener of page.listeners) listener(message);
  });

  themed(view, page, () => requestAnimationFrame(page.apply));
  page.slotReady = () => requestAnimationFrame(page.apply);
  // figures of a tab that was just opened are new on the page, their sources are not
  model.send_msg({type: "ready"});
  return root;
}
