// One control: its numbers as text, its place on the slider, its HTML.
const STEPS = 1000;
const UNITS = {1: "", chip: "chips", month: "months", year: "years", token: "tokens"};
const esc = (text) => String(text ?? "").replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

function isShare(c) {
  return c.unit === "1" && c.bounds[1] === 1 || c.unit === "1/year";
}

function shown(c, value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (isShare(c)) return `${+(100 * value).toPrecision(5)} %`;
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return value.toPrecision(5);
  if (c.unit === "chip" && size >= 10) return Math.round(value).toLocaleString("en-US");
  const places = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 3 : 5;
  return value.toLocaleString("en-US", {maximumFractionDigits: places});
}

function parsed(c, text) {
  const match = /^\s*\$?\s*([-+−]?[\d,.  ]*\d\.?(?:e[-+]?\d+)?)\s*([kKmMbBT%]?)[a-zA-Z/ ]*$/i.exec(text);
  if (!match) return NaN;
  const value = Number(match[1].replace(/[,\s]/g, "").replace("−", "-"));
  const suffix = match[2];
  if (suffix === "%") return value / 100;
  if (isShare(c)) return Math.abs(value) > 1 ? value / 100 : value;
  return value * ({k: 1e3, m: 1e6, b: 1e9, t: 1e12}[suffix.toLowerCase()] || 1);
}

function position(c, value) {
  const [low, high] = c.slider;
  if (value === null || value === undefined) return 0;
  const share = c.log
    ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
    : (value - low) / (high - low);
  return Math.round(STEPS * Math.min(1, Math.max(0, share)));
}

function valueAt(c, at) {
  const [low, high] = c.slider;
  if (at <= 0) return low;
  if (at >= STEPS) return high;
  if (c.log) return Number((low * (high / low) ** (at / STEPS)).toPrecision(3));
  const value = low + (high - low) * at / STEPS;
  const step = 10 ** Math.floor(Math.log10((high - low) / 200));
  return Number((Math.round(value / step) * step).toPrecision(12));
}

function track(c) {
  const {low, high} = c.evidence;
  const marks = [];
  if (c.fallback !== null && c.fallback !== undefined) marks.push(["--was", position(c, c.fallback)]);
  if (low !== null && high !== null && low < high) {
    marks.push(["--low", position(c, low)], ["--high", position(c, high)]);
  }
  return marks.map(([name, at]) => `${name}:${at / STEPS}`).join(";");
}

function numberControl(c, id) {
  return `<div class="control" data-name="${esc(c.name)}" style="${track(c)}">
    <div class="line"><span class="label" id="${id}-l">${esc(c.label)}</span>
      <button type="button" class="reset" title="Back to the preset" aria-label="Reset ${esc(c.name)}">↺</button>
      <button type="button" class="info" aria-label="About ${esc(c.name)}">i</button>
      <span class="box"><input type="text" inputmode="decimal" autocomplete="off" spellcheck="false"
        role="spinbutton" aria-label="${esc(c.aria)}" aria-describedby="${id}-e" placeholder="${esc(c.empty ?? "not published")}"
        ><span class="unit">${esc(isShare(c) ? (c.unit === "1/year" ? "/year" : "") : UNITS[c.unit] ?? c.unit)}</span></span></div>
    <div class="rail"><b></b><s></s><input type="range" min="0" max="${STEPS}" step="1" aria-label="${esc(c.aria)}"></div>
    <p class="fault" id="${id}-e" role="alert"></p></div>`;
}

function choiceControl(c, id) {
  const options = c.choices.map(({value, label, group}) => ({value, label, group}));
  const groups = new Map();
  for (const option of options) {
    const list = groups.get(option.group || "") || [];
    list.push(`<option value="${esc(option.value)}"${option.value === c.value ? " selected" : ""}>${esc(option.label)}</option>`);
    groups.set(option.group || "", list);
  }
  const body = [...groups].map(([name, list]) => (name ? `<optgroup label="${esc(name)}">${list.join("")}</optgroup>` : list.join(""))).join("");
  if (c.text) {
    return `<div class="control choice" data-name="${esc(c.name)}"><label title="${esc(c.titles?.text || "")}"><span class="label">${esc(c.label)}</span>
      <input type="text" aria-label="${esc(c.aria)}" value="${esc(c.value)}" spellcheck="false"></label><p class="fault" role="alert"></p></div>`;
  }
  if (c.segments) {
    return `<div class="control choice" data-name="${esc(c.name)}"><span class="label" id="${id}-l">${esc(c.label)}</span>
      <div class="segments" role="radiogroup" aria-label="${esc(c.aria)}">${options.map((o, k) =>
        `<label><input type="radio" name="${id}" value="${esc(o.value)}"${o.value === c.value ? " checked" : ""}><span title="${esc(c.titles?.[o.value] || "")}">${esc(o.label)}</span></label>`).join("")}</div>
      <p class="fault" role="alert"></p></div>`;
  }
  return `<div class="control choice" data-name="${esc(c.name)}"><label><span class="label">${esc(c.label)}</span>
    <select aria-label="${esc(c.aria)}">${body}</select></label><p class="fault" role="alert"></p></div>`;
}

function sectionHTML(section, id) {
  const tone = section.option === undefined ? "" : ` o${section.option}`;
  const controls = section.controls.map((c, k) =>
    (c.kind === "choice" ? choiceControl : numberControl)(c, `${id}-${k}`)).join("");
  if (section.groups) {
    const inner = section.groups.map((g, k) => `<details class="group"><summary>${esc(g.title)}<small>${g.controls.length}</small></summary>
      <div class="body" data-lazy="${k}"></div></details>`).join("");
    return `<details class="card all"><summary><h2>${esc(section.title)}</h2></summary>${inner}</details>`;
  }
  const all = section.first ? `<button type="button" class="reset-all" hidden>Reset all</button>` : "";
  return `<section class="card${tone}"><h2>${esc(section.title)}${all}${section.note ? `<small>${esc(section.note)}</small>` : ""}</h2>${controls}${section.text ? `<details class="about"><summary>About this scenario</summary><p>${esc(section.text)}</p></details>` : ""}</section>`;
}
