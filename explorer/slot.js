// A named place on the page that unpack.js (or the server, once) fills with words.
export function render({model, view}) {
  view.shadow_el.adoptedStyleSheets.push(globalThis.breakevenSheet ??= new CSSStyleSheet());
  const pages = (globalThis.breakevenPages ??= {});
  const page = (pages[model.key] ??= {elements: {}, waiting: {}, layouts: {}, listeners: [], dark: false});
  const element = document.createElement(model.tag);
  element.className = `slot ${model.look}`;
  element.innerHTML = model.html;
  model.on("html", () => { element.innerHTML = model.html; register(); });
  const register = () => {
    page.elements[model.slot] = element;
    for (const part of element.querySelectorAll("[data-slot]")) page.elements[part.dataset.slot] = part;
    // a table that scrolls must be reached by keyboard to be scrolled
    const head = element.tagName === "DETAILS" && element.querySelector("summary");
    const table = head ? element.querySelector("summary + div") : /table-slot|facts/.test(model.look) && element;
    if (!table) return;
    table.tabIndex = 0;
    table.setAttribute("role", "group");
    table.setAttribute("aria-label", head ? head.textContent : "Table");
  };
  register();
  element.addEventListener("toggle", () => { if (element.open && element.__fill) element.__fill(); });
  if (page.slotReady) page.slotReady();
  return element;
}
