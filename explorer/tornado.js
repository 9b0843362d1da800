// Two-sided bars around the present answer, an input a row. Plain script; needs numbers.js.
const breakevenTornado = (() => {
  const {INK, MUTED, colour, format} = breakevenNumbers;

  return (entry, [which, low, high, atLow, atHigh, [base]], layout, handles) => {
    const theme = handles.dark ? "dark" : "light";
    // against a rival: each in its colour; of one option alone: its colour where better
    const alone = entry.plain !== undefined;
    const pair = alone ? [entry.plain, 0] : [0, layout.options.length - 1];
    const [own, other] = pair.map((i) => colour(i, handles.dark));
    const rival = alone ? MUTED[theme] : other;
    const bars = {left: [], right: [], bottom: [], top: [], colour: []};
    const names = {x: [], y: [], text: [], colour: []};
    const range = handles.range(entry.across);
    entry.bars = Array.from(which, (place) => entry.inputs[place].name); // for a click
    which.forEach((place, i) => {
      const {title, kind, unit} = entry.inputs[place];
      const said = [low[i], high[i]].map((v) => `${format(kind, v)}${unit && " " + unit}`);
      const y = entry.rows - i;
      [atLow[i], atHigh[i]].forEach((answer) => {
        bars.left.push(base);
        bars.right.push(answer);
        bars.bottom.push(y - 0.88);
        bars.top.push(y - 0.48);
        bars.colour.push(answer < base ? own : rival);
      });
      const [left, right] = atLow[i] <= atHigh[i] ? said : [said[1], said[0]];
      const broken = Number.isFinite(atLow[i] + atHigh[i]) ? "" : alone ? ", where none can be made" : ", where an option does not work";
      names.x.push(range ? range.start : base);
      names.y.push(y - 0.24);
      names.text.push(`${title}: ${left} … ${right}${broken}`);
      names.colour.push(INK[theme]);
    });
    const ends = [0, entry.rows];
    const lines = {xs: [[base, base], [1, 1]], ys: [ends, ends], colour: [INK[theme], MUTED[theme]]};
    return [["source", bars], ["names", names], ["lines", lines]];
  };
})();
