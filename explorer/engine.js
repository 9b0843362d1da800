// The stage on which unpack.js plays without a browser: sources that keep what they are
// given, ranges with ends, no element to write words into, letters that are all as wide.
const pen = {measureText: (text) => ({width: 7.6 * text.length})};
globalThis.document = {createElement: () => ({getContext: () => pen})};
globalThis.breakevenDraw = (layoutText, buffer, rangeText, widthText, dark) => {
  const layout = JSON.parse(layoutText);
  const known = JSON.parse(rangeText);
  const widths = JSON.parse(widthText);
  const sources = {}, ranges = {}, axes = {};
  const model = (kept) => ({...kept, setv(given) { Object.assign(this, given); }});
  const handles = {
    source: (name) => (sources[name] ??= {data: {}, change: {emit() {}}}),
    range: (name) => (ranges[name] ??= model(known[name] ?? {start: 0, end: 1})),
    axis: (name) => (axes[name] ??= model({bounds: "auto"})),
    element: () => null,
    width: (name) => widths[name] ?? 0,
    dark,
  };
  breakeven.unpack(new Float32Array(JSON.parse(buffer).map((v) => v ?? NaN)), layout, handles);
  const plain = (_, value) =>
    (ArrayBuffer.isView(value) ? Array.from(value) : value);
  const columns = Object.fromEntries(Object.entries(sources).map(([name, {data}]) => [name, data]));
  return JSON.stringify({sources: columns, ranges, axes}, plain);
};
globalThis.breakevenWritten = (kind, ticks) => JSON.stringify(JSON.parse(ticks).map(breakevenTicks[kind]));
