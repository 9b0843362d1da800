// Scenarios kept on this device, files dropped on the page, and the way back and forward.
function shelfOf(page, send) {
  const STORE = "breakeven-saved", OWN = "breakeven-own:", LIMIT = 1e6;
  const read = () => { try { return JSON.parse(localStorage.getItem(STORE)) ?? []; } catch { return []; } };
  const write = (list) => {
    try { localStorage.setItem(STORE, JSON.stringify(list)); } catch { say("This browser keeps nothing: download the scenario file instead."); }
  };
  const esc = breakeven.escape;
  const own = (name) => { try { return name ? localStorage.getItem(OWN + name) : null; } catch { return null; } };
  let box = null;

  function element(html) {
    const holder = document.createElement("div");
    holder.innerHTML = html;
    return holder.firstElementChild;
  }

  // ------------------------------------------------------------------- the dialog
  function list() {
    const saved = read();
    box.querySelector(".kept").innerHTML = saved.length ? saved.map(({title, said, when}, i) => `<li data-i="${i}">
      <div><strong>${esc(title)}</strong><small>${esc(said)} <time>${esc(when)}</time></small></div>
      <button type="button" data-do="open">Open</button><button type="button" data-do="compare">Compare</button>
      <button type="button" data-do="file">Download</button><button type="button" data-do="drop" aria-label="Delete ${esc(title)}">Delete</button></li>`).join("")
      : "<li><small>Nothing is saved yet. What you save stays on this device.</small></li>";
  }

  function open() {
    box?.remove();
    box = element(`<dialog class="breakeven-shelf" aria-label="Saved scenarios"><form method="dialog"><h2>Scenarios</h2>
      <button class="close" aria-label="Close">×</button></form>
      <form class="save"><input name="title" aria-label="Name" placeholder="Name of this scenario" maxlength="200"><button>Save this one</button></form>
      <ul class="kept"></ul>
      <p class="more"><label class="pick">Open a file (.toml, or a model's config.json)<input type="file" accept=".toml,.json" hidden></label>
      <label>Compare with <select aria-label="Compare with"><option value="">a ready scenario …</option></select></label></p>
      <section class="compared" aria-live="polite"></section></dialog>`);
    document.body.appendChild(box);
    const ready = page.desk?.querySelector("[data-name='scenario'] select");
    for (const option of ready?.querySelectorAll("option") ?? []) box.querySelector("select").appendChild(option.cloneNode(true)).removeAttribute("selected");
    box.querySelector("select").value = "";
    box.querySelector("select").addEventListener("change", (event) => {
      if (event.target.value) ask({type: "compare", scenario: event.target.value});
    });
    box.querySelector(".save").addEventListener("submit", (event) => {
      event.preventDefault();
      send({type: "save", title: event.target.title.value.trim()});
    });
    box.querySelector("input[type=file]").addEventListener("change", (event) => bring(event.target.files[0]));
    box.querySelector(".kept").addEventListener("click", (event) => {
      const what = event.target.dataset?.do;
      if (!what) return;
      const at = +event.target.closest("li").dataset.i;
      const all = read(), one = all[at];
      if (what === "open") { send({type: "open", text: one.text, name: one.title}); box.close(); }
      if (what === "compare") ask({type: "compare", text: one.text, name: one.title});
      if (what === "file") keepFile(one);
      if (what === "drop") { write(all.filter((_, i) => i !== at)); list(); }
    });
    list();
    box.showModal();
  }

  function ask(message) {
    box.querySelector(".compared").textContent = "Comparing …";
    send(message);
  }

  function keepFile({title, text}) {
    const bytes = new TextEncoder().encode(text);
    const name = `breakeven-${title.replace(/[^\w-]+/g, "-").slice(0, 60)}.toml`;
    save({name, type: "application/toml", base64: btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""))});
  }

  // ------------------------------------------------------------------------ files
  const served = location.protocol !== "file:";  // a page without server takes none
  async function bring(file) {
    if (!file) return;
    if (file.size > LIMIT) return say(`${file.name}: ${file.size.toLocaleString("en")} bytes; at most ${LIMIT.toLocaleString("en")} are read`);
    const type = file.name.endsWith(".toml") ? "open" : file.name.endsWith(".json") ? "model" : null;
    if (!type) return say(`${file.name}: a scenario is a .toml file, a model a config.json`);
    box?.close();
    send({type, text: await file.text(), name: file.name});
  }
  if (served) addEventListener("dragover", (event) => {
    if ([...event.dataTransfer?.types ?? []].includes("Files")) { event.preventDefault(); document.documentElement.classList.add("breakeven-drop"); }
  });
  const left = () => document.documentElement.classList.remove("breakeven-drop");
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) left(); });
  if (served) addEventListener("drop", (event) => {
    left();
    // a chooser of files takes its own
    if (!event.dataTransfer?.files.length || event.composedPath().some((part) => part.type === "file")) return;
    event.preventDefault();
    bring(event.dataTransfer.files[0]);
  });

  // ---------------------------------------------------------------------- history
  if (served) addEventListener("popstate", () => {
    const query = Object.fromEntries(new URLSearchParams(location.search));
    page.travelling = true;
    page.pause?.();  // what was about to be written belongs to where we were
    page.openView?.(query.view ?? page.first);
    const text = own(query.scenario);
    send(text ? {type: "open", text, name: query.scenario, query, quiet: true} : {type: "visit", query});
  });

  // a scenario of one's own comes back with its edits
  function begin() {
    const query = Object.fromEntries(new URLSearchParams(location.search));
    const text = own(query.scenario);
    if (text) send({type: "open", text, name: query.scenario, query, quiet: true});
  }

  return {
    begin,
    receive({shelf, saved, compared, own: kept}) {
      if (shelf) open();
      if (saved) {
        write([{...saved, when: new Date().toLocaleString()}, ...read()].slice(0, 50));
        if (box) { box.querySelector(".save").reset(); list(); }
        say("Saved on this device");
      }
      if (compared && box) box.querySelector(".compared").innerHTML = compared;
      if (kept) { try { localStorage.setItem(OWN + kept.name, kept.text); } catch { /* the link then needs the file */ } }
    },
  };
}
