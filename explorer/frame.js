// The frame of the page: a bar on top, the controls in a drawer on the left, the answers beside it.
function pageOf(key) {
  const pages = (globalThis.breakevenPages ??= {});
  return (pages[key] ??= {elements: {}, waiting: {}, layouts: {}, listeners: [], dark: false});
}

// what this browser keeps; a page without storage keeps nothing
function stored(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch { /* private window, or a notebook that forbids it */ }
  return null;
}

// the address decides, then what the reader chose last, then the notebook, then the system
function isDarkAsked() {
  const asked = new URLSearchParams(location.search).get("theme") ?? stored("breakeven-theme");
  if (asked) return asked === "dark";
  const lab = document.body.dataset.jpThemeLight;
  return lab ? lab === "false" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function dress(dark) {
  document.documentElement.dataset.breakeven = dark ? "dark" : "light";
  for (const page of Object.values(globalThis.breakevenPages)) {
    page.dark = dark;
    page.themed?.();
  }
}

function button(look, name, html) {
  const found = document.createElement("button");
  found.type = "button";
  found.className = look;
  found.setAttribute("aria-label", name);
  found.innerHTML = html;
  return found;
}

// a button and the list that it opens, worked by mouse, finger and keyboard
function menuOf(name, items, picked) {
  const root = document.createElement("div");
  root.className = "menu";
  const opener = button("opener", name, `<span>${name}</span>`);
  opener.setAttribute("aria-haspopup", "menu");
  const list = document.createElement("div");
  list.setAttribute("role", "menu");
  list.setAttribute("aria-label", name);
  for (const {label, kind, mark} of items) {
    const item = document.createElement("button");
    item.type = "button";
    item.tabIndex = -1;
    item.setAttribute("role", "menuitem");
    item.innerHTML = `<i class="${mark}" aria-hidden="true"></i>`;
    item.append(label);
    item.addEventListener("click", () => { open(false); picked(kind); });
    list.append(item);
  }
  const all = [...list.children];
  function open(yes, focus) {
    list.hidden = !yes;
    opener.setAttribute("aria-expanded", `${yes}`);
    if (yes) (focus === "last" ? all.at(-1) : all[0]).focus();
    else if (root.contains(root.getRootNode().activeElement)) opener.focus();
  }
  opener.addEventListener("click", () => open(list.hidden));
  root.addEventListener("keydown", (event) => {
    const at = all.indexOf(root.getRootNode().activeElement);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1}[event.key];
    if (event.key === "Escape" || event.key === "Tab") open(false);
    else if (to !== undefined) {
      event.preventDefault();
      if (list.hidden) open(true, event.key === "ArrowUp" ? "last" : "first");
      else all.at(to % all.length).focus();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!list.hidden && !event.composedPath().includes(root)) open(false);
  });
  open(false);
  root.append(opener, list);
  return root;
}

export function render({model}) {
  const page = pageOf(model.key);
  const root = document.createElement("div");
  // a page of its own fills the window; in a notebook it is one part of many
  root.className = model.whole ? "page whole" : "page";
  document.documentElement.classList.toggle("breakeven-whole", model.whole);
  const bar = document.createElement("header");
  const drawer = document.createElement("aside");
  const veil = document.createElement("div");
  const main = document.createElement("main");
  drawer.setAttribute("aria-label", "Inputs");
  veil.className = "veil";
  const opener = button("round", "Inputs", `<i class="lines"></i>`);
  const title = document.createElement("span");
  title.className = "title";
  title.textContent = model.title;
  const theme = button("round", "Toggle theme", `<i class="moon"></i>`);
  bar.append(opener, title, menuOf("Share", model.menu, (kind) => model.send_msg({type: "share", kind})), theme);
  drawer.append(model.get_child("sidebar"));
  main.append(model.get_child("main"));
  root.append(bar, drawer, veil, main);

  let narrow = false;
  const unfold = (open) => {
    root.classList.toggle("folded", !open);
    opener.setAttribute("aria-expanded", `${open}`);
    drawer.inert = !open;
    main.inert = narrow && open; // it lies under the drawer
  };
  const isOpen = () => !root.classList.contains("folded");
  opener.addEventListener("click", () => unfold(!isOpen()));
  veil.addEventListener("click", () => unfold(false));
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !narrow || !isOpen()) return;
    unfold(false);
    opener.focus();
  });
  page.unfold = () => unfold(true);
  // where there is no room for both, the answer comes first
  new ResizeObserver(([entry]) => {
    const now = entry.contentRect.width < 900;
    if (now !== narrow) { narrow = now; root.classList.toggle("narrow", now); unfold(!now); }
  }).observe(root);
  unfold(true);

  theme.addEventListener("click", () => {
    dress(!page.dark);
    stored("breakeven-theme", page.dark ? "dark" : "light");
  });
  dress(isDarkAsked());
  return root;
}
