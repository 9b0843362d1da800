// Numbers and colours as the page writes them. Plain script, no library.
const breakevenNumbers = (() => {
  const COLOURS = {
    light: ["#0B6BC2", "#D2540B", "#00816A", "#8A4FA8"],
    dark: ["#5AB0FF", "#FF9A52", "#3ECFA8", "#CF9BEA"],
  };
  const INK = {light: "#17212B", dark: "#E9EEF3"};
  const MUTED = {light: "#5A6673", dark: "#9DABB9"};
  const SURFACE = {light: "#FFFFFF", dark: "#151C24"};
  // lines that are no options: by meaning, not by position
  const SERIES = {
    light: {ink: "#17212B", rose: "#C2185B", ochre: "#8A6D00", brown: "#795548", slate: "#8893A0"},
    dark: {ink: "#E9EEF3", rose: "#FF7EB0", ochre: "#E2C14B", brown: "#D7A58F", slate: "#8893A0"},
  };
  const NONE = "–";

  const SCALES = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"], [1, ""]];

  function digits(value, figures = 3) {
    const size = Math.abs(value);
    if (size === 0) return "0";
    if (size < 1e-3) return value.toExponential(1).replace("e-", "e−");
    // after rounding: 99.95 is 100, not 100.0
    const whole = Math.floor(Math.log10(Number(size.toPrecision(figures)))) + 1;
    return value.toFixed(Math.max(0, Math.min(figures - whole, 5)));
  }

  function compact(value, figures = 3) {
    if (!Number.isFinite(value)) return NONE;
    const size = Math.abs(value);
    for (const [scale, suffix] of SCALES) {
      // 999,999 is 1.00 M, not 1000 k
      if (size >= scale * (1 - 0.5 * 10 ** -figures) || scale === 1) {
        const text = digits(value / scale, figures).replace("-", "−");
        return suffix ? `${text} ${suffix}` : text;
      }
    }
    return NONE;
  }

  function tick(value) {
    const size = Math.abs(value);
    for (const [scale, suffix] of SCALES) {
      if (size >= scale * (1 - 1e-9)) {
        return `${+(value / scale).toPrecision(4)}${suffix ? " " + suffix : ""}`.replace("-", "−");
      }
    }
    return value === 0 ? "0" : `${+value.toPrecision(3)}`;
  }

  // "−21.4", "1,160": as in a sentence
  function share(percents) {
    const size = Math.abs(percents);
    return (percents < 0 ? "−" : "") + (size < 1000 ? digits(size) : (+size.toPrecision(3)).toLocaleString("en-US"));
  }

  const FORMATS = {
    number: compact,
    usd: (v) => (Number.isFinite(v) ? (v < 0 ? "−$" : "$") + compact(Math.abs(v)) : NONE),
    percent: (v) => (Number.isFinite(v) ? `${share(100 * v)} %` : NONE),
    ratio: (v) => (Number.isFinite(v) ? `${digits(v)}×` : NONE),
    months: (v) => (Number.isFinite(v) ? duration(v) : NONE),
    whole: (v) => (Number.isFinite(v) ? Math.round(v).toLocaleString("en-US") : NONE),
    ms: (v) => (Number.isFinite(v) ? `${digits(1000 * v)} ms` : NONE),
    s: (v) => (Number.isFinite(v) ? (v < 1 ? `${digits(1000 * v)} ms` : `${digits(v)} s`) : NONE),
    w: (v) => (Number.isFinite(v) ? `${compact(v)}${/[kMB]$/.test(compact(v)) ? "" : " "}W` : NONE),
    mw: (v) => {
      if (!Number.isFinite(v)) return NONE;
      if (v >= 1000) return `${digits(v / 1000)} GW`;
      return v >= 1 ? `${digits(v)} MW` : `${digits(v * 1000)} kW`;
    },
  };

  function duration(months) {
    const value = months < 10 ? Math.round(months * 10) / 10 : Math.round(months);
    return value === 1 ? "1 month" : `${value} months`;
  }

  function format(kind, value) {
    return (FORMATS[kind] || compact)(value);
  }

  // "$2.50–12.6", "1.2–3.4 M", "39.2 k–never": what both ends say is said once
  function between(kind, low, high, none = NONE, words = {}) {
    const said = (v) => words[String(v)] ?? (Number.isFinite(v) ? format(kind, v) : none);
    let [from, to] = [said(low), said(high)];
    if (from === to) return "";
    const unit = (text) => text.match(/^[\d.]+(\D*)$/)?.[1];
    if (from[0] === "$" && to[0] === "$") to = to.slice(1);
    const [own, other] = [unit(from.replace("$", "")), unit(to)];
    if (own && own === other) from = from.slice(0, -own.length);
    return `${from}–${to}`;
  }

  function escape(text) {
    return String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  }

  // "{label}: {value:usd}" with names from `values`
  function filled(template, values) {
    return template.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name, kind) =>
      kind ? format(kind, values[name]) : String(values[name] ?? ""));
  }

  function colour(index, dark) {
    const palette = COLOURS[dark ? "dark" : "light"];
    return palette[index % palette.length];
  }

  function mixed(hex, other, share) {
    const part = (text, k) => parseInt(text.slice(1 + 2 * k, 3 + 2 * k), 16);
    const value = (k) => Math.round(part(hex, k) * (1 - share) + part(other, k) * share);
    return "#" + [0, 1, 2].map((k) => value(k).toString(16).padStart(2, "0")).join("");
  }

  // share of the background in the colour of step s of a stack
  function tint(s, steps) {
    return 0.7 * (s / Math.max(1, steps - 1));
  }

  return {COLOURS, INK, MUTED, SERIES, SURFACE, NONE, compact, tick, duration, format, between, escape, filled,
    colour, mixed, tint};
})();
