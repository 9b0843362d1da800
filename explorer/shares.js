// Shares of the variance that go with each input, as bars. Plain script; needs words.js.
// Arrays [[first …, total …, worth …]]: three numbers an input; entry.rows [{title, name}]
(() => {
  const {RENDERERS} = breakevenWords;
  const {escape, format} = breakevenNumbers;
  const bar = (share) => `${Math.max(0, Math.min(100, 100 * share)).toFixed(1)}%`;

  RENDERERS.shares = (element, [numbers], layout, entry, handles) => {
    const count = entry.rows.length;
    const most = Math.max(...numbers.subarray(count, 2 * count), 1e-9);
    const upper = (text) => text[0].toUpperCase() + text.slice(1);
    element.innerHTML = `<table class="numbers shares"><caption>${escape(entry.caption)}</caption>
      <thead><tr><th scope="col">Input</th><th scope="col">Share of the variance</th><th scope="col">${
      escape(entry.worth)}</th></tr></thead><tbody>${entry.rows.map(({title, name}, i) => {
      const [first, total, worth] = [numbers[i], numbers[count + i], numbers[2 * count + i]];
      const said = Number.isFinite(worth) ? (worth > 0 ? format("usd", worth) : "nothing") : "–";
      return `<tr><th scope="row"><button type="button" data-input="${escape(name)}">${escape(upper(title))}</button></th>
        <td><span class="share" role="img" aria-label="${format("percent", total)}, alone ${format("percent", first)}"><u style="width:${
        bar(total / most)}"></u><b style="width:${bar(first / most)}"></b></span>${format("percent", total)}</td><td>${said}</td></tr>`;
    }).join("")}</tbody></table>`;
    element.querySelectorAll("[data-input]").forEach((button) =>
      button.addEventListener("click", () => handles.jump?.(button.dataset.input)));
  };
})();
