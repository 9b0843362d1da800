// Numbers of the axes: each formatter says by a tag how its numbers are written. It is
// not a piece of code that travels with the plot, which a safe page would not run.
const breakevenTicks = (() => {
  const SIZES = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]];
  const number = (prefix) => (tick) => {
    const size = Math.abs(tick);
    const [scale, suffix] = SIZES.find(([s]) => size >= s * (1 - 1e-9)) ?? [1, ""];
    const sign = tick < 0 ? "−" : "";
    return `${sign}${prefix}${+(Math.abs(tick) / scale).toPrecision(4)}${suffix && " " + suffix}`;
  };
  const power = (prefix) => (tick) => number(prefix)(+(10 ** tick).toPrecision(2));
  const KINDS = {
    "breakeven:log-number": power(""),
    "breakeven:log-usd": power("$"),
    "breakeven:number": number(""),
    "breakeven:usd": number("$"),
    "breakeven:percent": (tick) => `${+(100 * tick).toPrecision(4)} %`,
  };
  const shape = globalThis.Bokeh && Bokeh.Models.get("BasicTickFormatter").prototype;
  if (shape && !shape.breakeven) {
    const plain = shape.doFormat;
    shape.breakeven = true;
    shape.doFormat = function (ticks, options) {
      const kind = KINDS[this.tags[0]];
      return kind ? ticks.map(kind) : plain.call(this, ticks, options);
    };
  }
  return KINDS;
})();
