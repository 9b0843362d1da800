// Two rows: the sections of the page, and the views of the section that is open.
function pageOf(key) {
  const pages = (globalThis.breakevenPages ??= {});
  return (pages[key] ??= {elements: {}, waiting: {}, layouts: {}, listeners: [], dark: false});
}

// Bokeh lays out what is hidden too, and the whole page anew for each figure that is built:
// a view that is hidden is left alone until it is shown, and showing it lays it out.
function leaveHidden(parent) {
  const getter = (at) => at && (Object.getOwnPropertyDescriptor(at, "layoutable_views")?.get
    ?? getter(Object.getPrototypeOf(at)));
  const all = getter(parent);
  if (!all || Object.hasOwn(parent, "layoutable_views")) return;
  const get = () => all.call(parent).filter((child) => child.model.visible !== false);
  Object.defineProperty(parent, "layoutable_views", {configurable: true, get});
}

export function render({model, view}) {
  leaveHidden(view.parent);
  view.shadow_el.adoptedStyleSheets.push(globalThis.breakevenSheet ??= new CSSStyleSheet());
  const page = pageOf(model.key);
  const root = document.createElement("nav");
  root.className = "nav";
  page.nav = root;
  root.setAttribute("aria-label", "Views");
  const last = new Map(); // the view that was open last, by section
  const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  const sectionOf = (name) => model.sections.findIndex((s) => s.views.some((v) => v.name === name));

  function row(look, label, items, chosen) {
    return `<div class="${look}" role="tablist" aria-label="${label}">${items.map(({name, title}) =>
      `<button type="button" role="tab" data-name="${escape(name)}" aria-selected="${name === chosen}"
        tabindex="${name === chosen ? 0 : -1}">${escape(title)}</button>`).join("")}</div>`;
  }

  function draw(name) {
    const at = sectionOf(name);
    const section = model.sections[at];
    last.set(at, name);
    const tops = model.sections.map((s, k) => ({name: `${k}`, title: s.title}));
    root.innerHTML = row("sections", "Sections", tops, `${at}`)
      + (section.views.length > 1 ? row("views", section.title, section.views, name) : "");
    for (const chosen of root.querySelectorAll("[aria-selected=true]")) {
      const list = chosen.parentElement;
      list.scrollLeft = chosen.offsetLeft - list.clientWidth / 2 + chosen.clientWidth / 2;
    }
  }

  function open(name, focus) {
    if (name !== page.open) {
      page.open = name;
      model.send_msg({type: "view", name});
      page.remember?.();
    }
    draw(name);
    if (focus) root.querySelector(`.${focus} [aria-selected=true]`)?.focus();
  }

  function pick(button, focus) {
    const name = button.dataset.name;
    const tops = button.parentElement.classList.contains("sections");
    open(tops ? last.get(+name) ?? model.sections[+name].views[0].name : name, focus);
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) pick(button, button.parentElement.className);
  });
  root.addEventListener("keydown", (event) => {
    const button = event.target.closest("button");
    const step = {ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity}[event.key];
    if (!button || step === undefined) return;
    event.preventDefault();
    const all = [...button.parentElement.children];
    const to = Math.max(0, Math.min(all.length - 1, all.indexOf(button) + step));
    pick(all[to], button.parentElement.className);
  });
  page.open = model.active;
  page.openView = open;
  page.first = model.sections[0].views[0].name;
  model.on("msg:custom", (event) => page.failed?.(event.data ?? event));
  model.on("active", () => { page.open = model.active; draw(model.active); });
  draw(model.active);
  return root;
}
