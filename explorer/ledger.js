// Every input with its source; and the headline number worked by hand.
export function render({model, view}) {
  view.shadow_el.adoptedStyleSheets.push(globalThis.breakevenSheet ??= new CSSStyleSheet());
  const {escape, compact} = breakeven;
  const root = document.createElement("div");
  root.className = "evidence";
  let words = "", status = "";
  root.innerHTML = `<div class="trace-box"></div><div class="tools"><input type="search"
    aria-label="Search inputs" placeholder="Search input, source, note…"><div class="chips" role="group" aria-label="Status"></div></div>
    <p class="slot says" role="status"></p><div class="scroll" tabindex="0" role="group" aria-label="Inputs"><table><thead><tr><th>Input</th><th>Value</th><th>Range</th><th>Status</th><th>Source</th></tr></thead>
    <tbody></tbody></table></div>`;
  const search = root.querySelector("input");
  const chips = root.querySelector(".chips");
  const body = root.querySelector("tbody");
  const said = root.querySelector(".says");

  const number = (v) => (typeof v !== "number" ? escape(v ?? "")
    : Math.abs(v) >= 1e5 || (v !== 0 && Math.abs(v) < 1e-3) ? compact(v, 4) : v.toLocaleString("en-US", {maximumSignificantDigits: 5}));

  function row(r) {
    const absent = r.value === null;
    const unit = r.unit === "1" || r.unit === "choice" ? "" : r.unit;
    const range = r.low !== null && r.high !== null ? `${number(r.low)} to ${number(r.high)}` : "";
    const link = /^https?:/.test(r.url) ? `<a href="${escape(r.url)}" target="_blank" rel="noopener">${escape(r.source)}</a>` : escape(r.source);
    return `<tr data-name="${escape(r.name)}"><td title="${escape(r.doc)}">${escape(r.label)}<br><code>${escape(r.name)}</code></td>
      <td class="v">${absent ? "not published" : `${number(r.value)} <span class="unit">${escape(unit)}</span>`}</td><td class="r">${range}</td>
      <td><span class="badge ${escape(r.status.split(",")[0])}">${escape(r.status)}</span></td>
      <td>${link}${r.date ? ` <code>${escape(r.date)}</code>` : ""}${r.note ? `<br><small>${escape(r.note)}</small>` : ""}</td></tr>`;
  }

  function draw() {
    const needle = words.toLowerCase();
    const kept = model.rows.filter((r) => (!status || r.status.split(",")[0] === status)
      && (!needle || `${r.label} ${r.name} ${r.source} ${r.note} ${r.status} ${r.doc}`.toLowerCase().includes(needle)));
    let group = null;
    body.innerHTML = kept.map((r) => {
      const head = r.group !== group ? `<tr class="head"><th colspan="5" scope="rowgroup">${escape(group = r.group)}</th></tr>` : "";
      return head + row(r);
    }).join("");
    said.textContent = `${kept.length} of ${model.rows.length} inputs`;
    const counts = {};
    for (const r of model.rows) counts[r.status.split(",")[0]] = (counts[r.status.split(",")[0]] || 0) + 1;
    chips.innerHTML = Object.entries(counts).sort((a, b) => b[1] - a[1]).map(([name, n]) =>
      `<button type="button" data-status="${escape(name)}" aria-pressed="${name === status}">${escape(name)} ${n}</button>`).join("");
    work();
  }

  // the chain of the headline number, one column an option
  function work() {
    const box = root.querySelector(".trace-box");
    const open = box.querySelector("details")?.open ?? false;
    const step = (s) => `<li><b>${escape(s.value)}</b>${escape(s.label)}<small>${escape(s.formula)}${s.numbers ? `<br>= ${escape(s.numbers)}` : ""}</small></li>`;
    box.innerHTML = model.trace.length ? `<details class="worked"${open ? " open" : ""}><summary>The levelised cost, by hand</summary><div class="columns">${
      model.trace.map((o, i) => `<section><h3 class="o${i}">${escape(o.option)}</h3>${o.why ? `<p>${escape(o.why)}</p>`
        : `<ol class="trace">${o.steps.map(step).join("")}</ol>`}</section>`).join("")}</div></details>` : "";
  }

  const pages = (globalThis.breakevenPages ??= {});
  const page = (pages[model.key] ??= {elements: {}, waiting: {}, layouts: {}, listeners: [], dark: false});
  page.listeners.push((message) => {
    if (message.trace) { model.trace = message.trace; work(); }
    for (const changed of message.rows || []) {
      const at = model.rows.findIndex((r) => r.name === changed.name);
      if (at < 0) continue;
      model.rows[at] = changed;
      const shown = body.querySelector(`tr[data-name="${CSS.escape(changed.name)}"]`);
      if (shown) shown.outerHTML = row(changed);
    }
  });
  search.addEventListener("input", () => { words = search.value; draw(); });
  chips.addEventListener("click", (event) => {
    const name = event.target.dataset?.status;
    if (name) { status = status === name ? "" : name; draw(); }
  });
  model.on(["rows", "trace"], draw);
  draw();
  return root;
}
