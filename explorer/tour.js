// A short tour: five places of the page, each with a sentence or two. Nothing opens by itself.
function tourOf(page) {
  const steps = [
    {find: () => page.desk?.querySelector(".card"), title: "What is compared",
      text: "Pick a ready scenario, or choose the workload, the model and the chips yourself."},
    {find: () => page.desk?.querySelector(".card.o0"), title: "Move anything",
      text: "Each input has a slider and an exact box. The thin line under a slider is its known range; the i tells meaning and source; an edited input can be put back."},
    {find: () => page.elements.strip, title: "Who wins, and by how much",
      text: "The answer in one sentence, the odds of it under the ranges of all inputs, and the figures with P10 to P90."},
    {find: () => page.nav, title: "Why",
      text: "Each view answers one question. Its own controls appear on the left when it is open."},
    {find: () => page.nav?.querySelector(".sections")?.lastElementChild, title: "How far to trust it",
      text: "Every input with its source and date, the headline number redone by hand, and predictions beside published measurements."},
  ];
  let at = 0, shade, card, before;

  function visible(target) {
    const box = target?.getBoundingClientRect();
    return !!box && box.width > 0 && box.right > 0 && box.left < innerWidth
      && getComputedStyle(target).visibility !== "hidden"; // in a drawer that is shut
  }

  function place() {
    const target = steps[at].find();
    const box = target?.getBoundingClientRect();
    const seen = visible(target);
    shade.hidden = !seen;
    if (seen) {
      Object.assign(shade.style, {left: `${box.left - 6}px`, top: `${box.top - 6}px`,
        width: `${box.width + 12}px`, height: `${Math.min(box.height, innerHeight) + 12}px`});
    }
    const size = card.getBoundingClientRect();
    const right = seen && box.right + 18 + size.width < innerWidth;
    const left = !seen ? (innerWidth - size.width) / 2 : right ? box.right + 18 : Math.max(12, box.left);
    const top = !seen ? innerHeight / 3 : right ? box.top : box.bottom + 18;
    card.style.left = `${Math.min(left, innerWidth - size.width - 12)}px`;
    card.style.top = `${Math.max(12, Math.min(top, innerHeight - size.height - 12))}px`;
  }

  function show(step) {
    at = Math.max(0, Math.min(steps.length - 1, step));
    card.querySelector("h2").textContent = steps[at].title;
    const away = at < 2 && !visible(steps[at].find()) ? " The inputs are behind the menu button, top left." : "";
    card.querySelector("p").textContent = steps[at].text + away;
    card.querySelector("small").textContent = `${at + 1} of ${steps.length}`;
    card.querySelector("[data-go='-1']").disabled = at === 0;
    card.querySelector("[data-go='1']").textContent = at === steps.length - 1 ? "Done" : "Next";
    steps[at].find()?.scrollIntoView({block: "nearest"});
    place();
    card.querySelector("[data-go='1']").focus();
  }

  function end() {
    shade.remove();
    card.remove();
    removeEventListener("resize", place);
    before?.focus?.();
  }

  return (from) => {
    before = from;
    shade = document.createElement("div");
    shade.className = "breakeven-shade";
    card = document.createElement("div");
    card.className = "breakeven-tour";
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-modal", "true");
    card.setAttribute("aria-label", "Tour of the page");
    card.innerHTML = `<h2></h2><p></p><footer><small></small>
      <button type="button" data-go="0">Close</button>
      <button type="button" data-go="-1">Back</button>
      <button type="button" data-go="1"></button></footer>`;
    card.addEventListener("click", (event) => {
      const go = event.target.dataset?.go;
      if (go === undefined) return;
      if (go === "0" || (go === "1" && at === steps.length - 1)) end();
      else show(at + Number(go));
    });
    card.addEventListener("keydown", (event) => {
      if (event.key === "Escape") end();
      else if (event.key === "ArrowRight") show(at + 1);
      else if (event.key === "ArrowLeft") show(at - 1);
      else if (event.key === "Tab") {
        const all = [...card.querySelectorAll("button:not(:disabled)")];
        const to = all.indexOf(card.getRootNode().activeElement) + (event.shiftKey ? -1 : 1);
        event.preventDefault();
        all[(to + all.length) % all.length].focus();
      }
    });
    document.body.append(shade, card);
    addEventListener("resize", place);
    show(0);
  };
}
