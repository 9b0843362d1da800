// Sentences, figures and tables that a buffer fills. Plain script; needs numbers.js.
const breakevenWords = (() => {
  const {NONE, SURFACE, between, colour, escape, format, mixed, tint} = breakevenNumbers;

  function setHTML(element, html) {
    if (element.__html !== html) {
      element.__html = html;
      element.innerHTML = html;
    }
  }

  function setText(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  }

  const RENDERERS = {
    // a sentence chosen by a code: arrays [[code, numbers …]]
    sentence(element, [numbers], layout, entry) {
      const code = numbers[0];
      const template = entry.sentences[String(code)] ?? "";
      const html = escape(template).replace(/\{(\w+)(?::(\w+))?\}/g, (_, name, kind) => {
        if (/^label\d/.test(name)) {
          const index = +name.slice(5);
          return `<span class="o o${index}">${escape(layout.options[index].label)}</span>`;
        }
        const value = numbers[1 + entry.names.indexOf(name)];
        if (kind === "reason") return escape(entry.reasons[String(value)] ?? "");
        return `<span class="n">${escape(format(kind, value))}</span>`;
      });
      setHTML(element, html);
    },
    // figures beside a name: arrays [[v …]], entry.figures [{format, option}]
    figures(element, [numbers], layout, entry) {
      const cells = element.querySelectorAll("[data-figure]");
      if (cells.length !== numbers.length || element.__for !== entry) {
        element.innerHTML = entry.figures.map((group) => `<div class="figure"><dt>${escape(group.title)}
          <span>${escape(group.unit)}</span></dt>${group.values.map((value) => `<dd class="${
            value.option === undefined ? "" : "o" + value.option}">${value.option === undefined ? ""
              : `<i></i><em title="${escape(layout.options[value.option].label)}">${escape(layout.options[value.option].label)}</em>`}<b data-figure></b></dd>`).join("")}</div>`).join("");
        element.__for = entry;
        element.classList.toggle("many", layout.options.length > 2);
      }
      const flat = entry.figures.flatMap((group) => group.values);
      element.querySelectorAll("[data-figure]").forEach((cell, i) => {
        const value = flat[i];
        const words = (value.words || {})[String(numbers[i])];
        setText(cell, words ?? (Number.isFinite(numbers[i]) ? format(value.format, numbers[i]) : value.none ?? NONE));
      });
    },
    // P10 to P90 below each figure: arrays [[low, high, …]], figures as above
    spans(element, [numbers], layout, entry) {
      const flat = entry.figures.flatMap((group) => group.values);
      element.querySelectorAll("dd").forEach((cell, i) => {
        const {format: kind, none, words} = flat[i];
        const [low, high] = [numbers[2 * i], numbers[2 * i + 1]];
        const known = !Number.isNaN(low) && !Number.isNaN(high);
        const small = cell.querySelector("small") ?? cell.appendChild(document.createElement("small"));
        setText(small, known ? between(kind, low, high, none, words) : "");
      });
    },
    // rows × options: arrays [[v …]], entry.rows [{label, unit, format}]
    table(element, [numbers], layout, entry, handles) {
      const columns = layout.options.length;
      if (element.__for !== entry || element.querySelectorAll("td").length !== numbers.length) {
        const head = layout.options.map((option, i) => `<th scope="col" class="o${i}"><i></i>${escape(option.label)}</th>`).join("");
        const body = entry.rows.map((row) => `<tr class="${row.strong ? "strong" : ""}"><th scope="row"${
          row.doc ? ` title="${escape(row.doc)}"` : ""}>${row.swatch === undefined ? "" : `<span class="swatches">${
          layout.options.map(() => "<i></i>").join("")}</span>`}${escape(row.label)} <span>${escape(row.unit || "")}</span></th>${
          layout.options.map((_, i) => `<td class="o${i}"><u></u><span></span></td>`).join("")}</tr>`).join("");
        element.innerHTML = `<table class="numbers"><caption>${escape(entry.caption || "")}</caption><thead><tr><th scope="col"><span class="live">Line</span></th>${head}</tr></thead><tbody>${body}</tbody></table>`;
        element.__for = entry;
      }
      if (element.__dark !== handles.dark || element.__fresh !== entry) {
        element.__dark = handles.dark;
        element.__fresh = entry;
        const surface = SURFACE[handles.dark ? "dark" : "light"];
        const steps = entry.rows.filter((row) => row.swatch !== undefined).length;
        element.querySelectorAll(".swatches i").forEach((swatch, i) => {
          const base = colour(i % columns, handles.dark);
          swatch.style.background = mixed(base, surface, tint(Math.floor(i / columns), steps));
        });
      }
      const bars = entry.bars ? Math.max(...Array.from(numbers, (v, i) =>
        entry.rows[Math.floor(i / columns)].strong || !Number.isFinite(v) ? 0 : v)) : 0;
      element.querySelectorAll("td").forEach((cell, i) => {
        const row = entry.rows[Math.floor(i / columns)];
        const value = numbers[i];
        const words = row.words ? row.words[String(value)] : undefined;
        const none = Math.abs(value) === Infinity ? row.none : undefined;
        setText(cell.lastElementChild, words ?? none ?? format(row.format, value));
        const share = bars && !row.strong && Number.isFinite(value) ? value / bars : 0;
        cell.firstElementChild.style.width = `${Math.max(0, 100 * share)}%`;
      });
    },
    // rows × columns with names of their own: arrays [[v …]], entry.rows, entry.columns
    grid(element, [numbers], layout, entry) {
      const wide = entry.columns.length;
      const cell = (row, i, k) => escape(Number.isFinite(numbers[k * wide + i])
        ? format(row.format, numbers[k * wide + i]) : row.none ?? NONE);
      const head = entry.columns.map((name) => `<th scope="col">${escape(name)}</th>`).join("");
      const body = entry.rows.map((row, k) => `<tr class="${row.strong ? "strong" : ""}"><th scope="row">${escape(row.label)}</th>${
        entry.columns.map((_, i) => `<td>${cell(row, i, k)}</td>`).join("")}</tr>`).join("");
      setHTML(element, `<table class="numbers"><caption>${escape(entry.caption || "")}</caption><thead><tr><th scope="col">${
        escape(entry.corner || "")}</th>${head}</tr></thead><tbody>${body}</tbody></table>`);
    },
    // rows × columns of any kind: arrays [[v …]], entry.columns, entry.rows, entry.none for what is not known
    cases(element, [numbers], layout, entry) {
      const columns = entry.columns.length;
      if (element.__for !== entry) {
        const head = entry.columns.map((column) => `<th scope="col">${escape(column)}</th>`).join("");
        const body = entry.rows.map((row) => `<tr><th scope="row">${escape(row.label)} <span>${escape(row.unit || "")}</span></th>${
          "<td></td>".repeat(columns)}</tr>`).join("");
        element.innerHTML = `<table class="numbers cased"><caption>${escape(entry.caption || "")}</caption><thead><tr><th scope="col"><span class="live">Line</span></th>${head}</tr></thead><tbody>${body}</tbody></table>`;
        element.__for = entry;
      }
      element.querySelectorAll("tbody tr").forEach((line, r) => {
        const values = Array.from(numbers.subarray(r * columns, (r + 1) * columns));
        const unknown = !values.some(Number.isFinite);
        line.classList.toggle("unknown", unknown);
        [...line.querySelectorAll("td")].forEach((cell, c) => {
          const said = Number.isFinite(values[c]) ? format(entry.rows[r].format, values[c]) : "";
          setText(cell, unknown && c === 0 ? entry.rows[r].none ?? entry.none ?? NONE : said);
        });
      });
    },
  };

  return {RENDERERS, setText};
})();
