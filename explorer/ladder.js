// Rows of bars or marks with their names beside them. Plain script; needs numbers.js.
// entry.rows [{text, who, share}]: text a template of {left} {right} {size}, who the
// option whose colour it has (none: muted), share how pale; left equal to right: a mark
const breakevenLadder = (() => {
  const {INK, MUTED, SURFACE, colour, filled, mixed} = breakevenNumbers;

  return (entry, [left, right], layout, handles) => {
    const theme = handles.dark ? "dark" : "light";
    const range = handles.range(entry.across);
    const span = range ? range.end - range.start : 1;
    const bars = {left: [], right: [], bottom: [], top: [], colour: []};
    const names = {x: [], y: [], text: [], colour: []};
    entry.rows.forEach((row, i) => {
      const y = entry.rows.length - i;
      const known = Number.isFinite(left[i] + right[i]);
      const mark = left[i] === right[i] ? 0.004 * span : 0;
      const base = row.who === undefined ? MUTED[theme] : colour(row.who, handles.dark);
      bars.left.push(left[i] - mark);
      bars.right.push(right[i] + mark);
      bars.bottom.push(y - 0.82);
      bars.top.push(y - 0.18);
      bars.colour.push(mixed(base, SURFACE[theme], row.share || 0));
      const values = {left: left[i], right: right[i], size: right[i] - left[i]};
      // what lies beyond the axis is said at its start, with an arrow
      const off = known && range && Math.min(left[i], right[i]) > range.end;
      names.x.push(known && !off ? Math.max(left[i], right[i]) + mark : range ? range.start : 0);
      names.y.push(y - 0.5);
      names.text.push(known ? filled(row.text, values) + (off ? "  →" : "") : row.none || "");
      names.colour.push(row.strong ? INK[theme] : MUTED[theme]);
    });
    return [["source", bars], ["names", names]];
  };
})();
