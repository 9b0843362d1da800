// The inputs: for each a slider and an exact box, unit, meaning, source, reset.
// One update is in flight at a time; while it is, only the newest position waits.
function pageOf(key) {
  const pages = (globalThis.breakevenPages ??= {});
  return (pages[key] ??= {elements: {}, waiting: {}, layouts: {}, listeners: [], dark: false});
}

export function render({model, view}) {
  view.shadow_el.adoptedStyleSheets.push(globalThis.breakevenSheet ??= new CSSStyleSheet());
  const page = pageOf(model.key);
  const root = document.createElement("div");
  root.className = "desk";
  page.desk = root;
  const specs = new Map();
  const {tip, openTip, closeTip} = tipOf(model, specs);
  const rows = new Map();
  let sections = [];
  let pending = {}, inFlight = null, sequence = 0, timer = 0;

  function flush() {
    if (inFlight !== null || !Object.keys(pending).length) return;
    inFlight = page.sent = ++sequence;
    const values = pending;
    pending = {};
    page.sentAt = performance.now();
    model.send_msg({type: "set", values, seq: inFlight});
    clearTimeout(timer);
    timer = setTimeout(() => {
      inFlight = null;
      page.say?.("The server does not answer. Reload the page: its address keeps your inputs.");
    }, 8000);
  }

  // whether a change is on its way to the server or waits for its turn
  page.busy = () => inFlight !== null || Object.keys(pending).length > 0;

  function change(name, value) {
    pending[name] = value;
    flush();
  }

  function show(name, value, {box = true, rail = true} = {}) {
    const c = specs.get(name);
    for (const row of rows.get(name) || []) {
      if (c.kind === "choice") {
        const select = row.querySelector("select");
        if (select) select.value = value;
        row.querySelectorAll("input[type=radio]").forEach((r) => { r.checked = r.value === value; });
        continue;
      }
      const number = row.querySelector("input[role=spinbutton]");
      const range = row.querySelector("input[type=range]");
      const at = position(c, value);
      if (box) number.value = shown(c, value);
      if (rail) range.value = at;
      row.style.setProperty("--at", at / STEPS);
      number.setAttribute("aria-valuenow", value ?? "");
      range.setAttribute("aria-valuetext", `${shown(c, value)} ${c.unit === "1" ? "" : c.unit}`.trim());
      row.classList.toggle("absent", value === null || value === undefined);
      row.classList.toggle("edited", !c.derived && !same(c.fallback, value));
      row.classList.toggle("derived", !!c.derived);
    }
    c.value = value;
    countEdits();
  }

  let counted = 0;
  function countEdits() {
    cancelAnimationFrame(counted);
    counted = requestAnimationFrame(() => {
      const button = root.querySelector(".reset-all");
      const edits = [...specs.values()].filter((x) => !x.derived && x.name !== "scenario" && !same(x.fallback, x.value));
      if (button) button.hidden = edits.length === 0;
    });
  }

  function same(a, b) {
    if (a === b) return true;
    if (a === null || b === null || a === undefined || b === undefined) return a === b;
    return typeof a === "number" && Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
  }

  function complain(name, text) {
    for (const row of rows.get(name) || []) {
      row.querySelector(".fault").textContent = text || "";
      row.classList.toggle("wrong", !!text);
      const number = row.querySelector("input[role=spinbutton]");
      if (number) number.setAttribute("aria-invalid", text ? "true" : "false");
    }
  }

  function set(name, value, how) {
    complain(name, "");
    specs.get(name).derived = false;
    show(name, value, how);
    change(name, value);
    remember();
  }

  // from elsewhere on the page, such as a click on a map
  page.put = (name, value) => { if (specs.has(name)) set(name, value, {}); };

  function wireNumber(row, c) {
    const number = row.querySelector("input[role=spinbutton]");
    const range = row.querySelector("input[type=range]");
    range.addEventListener("input", () => set(c.name, valueAt(c, +range.value), {rail: false}));
    const commit = () => {
      if (number.value === shown(c, c.value)) return;
      const value = number.value.trim() === "" ? null : parsed(c, number.value);
      if (Number.isNaN(value)) return complain(c.name, `“${number.value}” is not a number`);
      complain(c.name, "");
      set(c.name, value, {box: false});
    };
    number.addEventListener("change", () => { commit(); if (!row.classList.contains("wrong")) number.value = shown(c, c.value); });
    number.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { commit(); number.value = shown(c, c.value); number.select(); }
      if (event.key === "Escape") { number.value = shown(c, c.value); complain(c.name, ""); }
      if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        event.preventDefault();
        const by = (event.key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? 50 : 5);
        set(c.name, valueAt(c, position(c, c.value) + by), {});
      }
    });
    number.addEventListener("focus", () => number.select());
    row.querySelector(".reset").addEventListener("click", () => {
      change(c.name, {reset: true});
      complain(c.name, "");
      if (c.fallback !== undefined) show(c.name, c.fallback);
      remember();
      number.focus();
    });
    const info = row.querySelector(".info");
    const open = () => openTip(info, c);
    info.addEventListener("mouseenter", open);
    info.addEventListener("focus", open);
    info.addEventListener("click", open);
    info.addEventListener("mouseleave", closeTip);
    info.addEventListener("blur", closeTip);
    show(c.name, c.value);
  }

  function wireChoice(row, c) {
    row.querySelectorAll("select, input[type=radio], input[type=text]").forEach((input) =>
      input.addEventListener("change", () => {
        complain(c.name, "");
        c.value = input.value;
        change(c.name, input.value);
        remember();
      }));
  }

  function wire(container) {
    container.querySelectorAll(".control").forEach((row) => {
      const c = specs.get(row.dataset.name);
      rows.set(c.name, [...(rows.get(c.name) || []), row]);
      (c.kind === "choice" ? wireChoice : wireNumber)(row, c);
    });
  }

  function rebuild() {
    const open = new Set([...root.querySelectorAll("details[open] > summary")].map((s) => s.textContent));
    const focused = root.getRootNode().activeElement?.getAttribute?.("aria-label");
    specs.clear();
    rows.clear();
    const spec = sections = model.spec ?? JSON.parse(model.text).sections;
    for (const section of spec) {
      for (const c of section.controls) specs.set(c.name, c);
      for (const group of section.groups || []) for (const c of group.controls) specs.set(c.name, c);
    }
    root.innerHTML = spec.map((section, k) => sectionHTML(section, `be-${k}`)).join("");
    root.appendChild(tip);
    wire(root);
    spec.forEach((section, k) => {
      if (!section.groups) return;
      const card = root.children[k];
      card.querySelectorAll("details.group").forEach((group, g) => {
        const body = group.querySelector(".body");
        const fill = () => {
          if (body.childElementCount) return;
          body.innerHTML = section.groups[g].controls.map((c, i) =>
            (c.kind === "choice" ? choiceControl : numberControl)(c, `be-${k}-${g}-${i}`)).join("");
          wire(body);
        };
        group.addEventListener("toggle", () => { if (group.open) fill(); });
      });
    });
    root.querySelectorAll("details").forEach((d) => {
      if (open.has(d.querySelector("summary").textContent)) d.open = true;
    });
    root.querySelector(".reset-all")?.addEventListener("click", () => {
      pending = {};
      model.send_msg({type: "reset"});
    });
    countEdits();
    if (focused) root.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  }

  let later = 0;
  page.remember = remember;
  function remember() {
    if (!model.address) return;
    clearTimeout(later);
    later = setTimeout(page.keep, 300);
  }
  function addressNow() {
    const query = new URLSearchParams();
    const keep = new URLSearchParams(location.search).get("theme");
    if (keep) query.set("theme", keep);
    if (page.open && page.open !== page.first) query.set("view", page.open);
    for (const [name, c] of specs) {
      // a model that was brought: its figures stand below, its name here
      if (name === "llm" && c.value === "uploaded") { query.set("model", c.choices[0].label.slice(0, 80)); continue; }
      if (name === "scenario" || c.keep) {
        if (c.value !== c.fallback || name === "scenario") query.set(name, c.value);
      } else if (!c.derived && c.value !== undefined && !same(c.value, c.fallback) && c.value !== null) {
        query.set(name, c.value);
      }
    }
    return `?${query}`.replace(/%2C/g, ",");
  }

  page.pause = () => clearTimeout(later);
  // an edit that rests is a step to go back to; what the way back brings is none
  page.keep = () => {
    if (!model.address) return;
    const address = addressNow();
    if (address !== page.kept) history[page.travelling ? "replaceState" : "pushState"](null, "", address);
    page.kept = address;
    page.travelling = false;
  };

  // bring a control into view, unfold what it is in, and give it the focus
  page.jump = (name) => {
    const known = specs.has(name) ? name : [...specs.values()].find((c) => c.full === name)?.name;
    if (!known) return;
    page.unfold?.();
    sections.forEach((section, k) => (section.groups || []).forEach((group, g) => {
      if (!group.controls.some((c) => c.name === known)) return;
      const card = root.children[k];
      card.open = true;
      card.querySelectorAll("details.group")[g].open = true;
    }));
    // a group fills itself once it has opened
    setTimeout(() => {
      const row = (rows.get(known) || [])[0];
      if (!row) return;
      row.scrollIntoView({block: "center"});
      (row.querySelector("input[role=spinbutton]") ?? row.querySelector("select, input"))?.focus({preventScroll: true});
      row.classList.add("found");
      setTimeout(() => row.classList.remove("found"), 1600);
    }, 80);
  };

  page.listeners.push((message) => {
    if (message.seq !== undefined && message.seq === inFlight) {
      clearTimeout(timer);
      // the server works on the next while this one is painted: one behind at most
      inFlight = null;
      flush();
    }
    for (const [name, text] of Object.entries(message.errors || {})) {
      complain(name, text);
      // nothing on the page has this name: say it where it is seen
      if (!rows.has(name)) page.say?.(text);
    }
    for (const [name, value] of Object.entries(message.values || {})) {
      if (!(name in pending) && specs.has(name)) show(name, value);
    }
    for (const [name, value] of Object.entries(message.derived || {})) {
      if (name in pending || !specs.has(name)) continue;
      specs.get(name).derived = true;
      show(name, value);
    }
  });
  model.on("msg:custom", (event) => page.failed?.(event.data ?? event));
  model.on("text", () => { rebuild(); remember(); });
  rebuild();
  page.kept = addressNow();
  return root;
}
