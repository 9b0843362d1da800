// How many rows of a sweep lie where: cells the darker the more. Plain script; needs pictures.js.
breakevenPictures.density = (entry, numbers, layout, handles) => {
  const {INK, SURFACE, mixed} = breakevenNumbers;
  const theme = handles.dark ? "dark" : "light";
  const [across, up] = entry.sizes;
  const x = numbers.subarray(0, across), y = numbers.subarray(across, across + up);
  const counts = numbers.subarray(across + up);
  const most = Math.log1p(Math.max(1, ...counts));
  const cells = {left: [], right: [], bottom: [], top: [], colour: []};
  for (let j = 0; j < y.length - 1; j++) {
    for (let i = 0; i < x.length - 1; i++) {
      const count = counts[j * (x.length - 1) + i];
      if (!(count > 0)) continue;
      cells.left.push(x[i]);
      cells.right.push(x[i + 1]);
      cells.bottom.push(y[j]);
      cells.top.push(y[j + 1]);
      // by the logarithm, so that one row among a million still shows
      cells.colour.push(mixed(INK[theme], SURFACE[theme], 0.85 - 0.7 * Math.log1p(count) / most));
    }
  }
  return [["source", cells]];
};
