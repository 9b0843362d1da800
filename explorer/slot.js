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
  };
  register();
  element.addEventListener("toggle", () => { if (element.open && element.__fill) element.__fill(); });
  if (page.slotReady) page.slotReady();
  return element;
}
