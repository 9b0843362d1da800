// A block of bars for each of some groups. Plain script; needs numbers.js.
const breakevenGrouped = (() => {
  const {MUTED, colour, format} = breakevenNumbers;

  return (entry, [values], layout, handles) => {
    const rows = layout.options.length;
    const block = rows + 1.0;
    const total = entry.groups.length * block;
    const bars = {left: [], right: [], bottom: [], top: [], colour: []};
    const ends = {x: [], y: [], text: [], colour: []};
    const heads = {x: [], y: [], text: [], colour: []};
    const theme = handles.dark ? "dark" : "light";
    entry.groups.forEach((group, g) => {
      const top = total - g * block;
      heads.x.push(0);
      heads.y.push(top - 0.5);
      heads.text.push(group);
      heads.colour.push(MUTED[theme]);
      for (let r = 0; r < rows; r++) {
        const value = values[g * rows + r];
        const y = top - 1.3 - r;
        bars.left.push(0);
        bars.right.push(value);
        bars.bottom.push(y - 0.36);
        bars.top.push(y + 0.36);
        bars.colour.push(colour(r, handles.dark));
        ends.x.push(Number.isFinite(value) ? value : 0);
        ends.y.push(y);
        ends.text.push(`${format(entry.format, value)}  ${layout.options[r].label}`);
        ends.colour.push(colour(r, handles.dark));
      }
    });
    const range = handles.range(entry.range);
    if (range) range.setv({start: Math.min(-0.1, total - 6), end: total}, {sync: false});
    return [["source", bars], ["heads", heads], ["ends", ends]];
  };
})();
