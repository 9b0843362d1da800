// What an input means, where its value comes from, and where the documentation speaks of it.
function tipOf(model, specs) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "tooltip");
  if (tip.popover !== undefined) tip.popover = "manual";

  function openTip(anchor, c) {
    clearTimeout(leaving);
    const e = c.evidence;
    const range = e.low !== null && e.high !== null ? `${shown(c, e.low)} to ${shown(c, e.high)} ${c.unit === "1" ? "" : c.unit}` : "";
    tip.innerHTML = `<p>${esc(c.doc)}</p>${range ? `<p><b>Range</b> ${esc(range)}</p>` : ""}
      <p><b>${esc(e.status)}</b> ${esc(e.source || "")}${e.date ? `, ${esc(e.date)}` : ""}</p>
      ${e.note ? `<p class="note">${esc(e.note)}</p>` : ""}<p class="code">${esc(c.name)}</p>${model.docs ? `<p><a href="${esc(model.docs + explained(c.name))}" target="_blank" rel="noopener">In the documentation</a></p>` : ""}`;
    if (tip.showPopover) tip.showPopover();
    const box = anchor.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(box.right + 10, innerWidth - size.width - 12))}px`;
    tip.style.top = `${Math.max(8, Math.min(box.top - 8, innerHeight - size.height - 12))}px`;
  }

  // where the documentation speaks of an input
  function explained(name) {
    const [head, ...rest] = name.split(".");
    const plain = rest.join(".") === "price" ? "chip.price" : rest.join(".");
    return `inputs.html#${specs.has(`${head}.utilisation`) ? "OPTION" : head}.${plain}`;
  }

  // not at once: the pointer may be on its way to the link
  let leaving = 0;
  tip.addEventListener("mouseenter", () => clearTimeout(leaving));
  tip.addEventListener("mouseleave", () => closeTip());
  function closeTip() {
    clearTimeout(leaving);
    leaving = setTimeout(shutTip, model.docs ? 250 : 0);
  }

  function shutTip() {
    if (tip.hidePopover && tip.matches(":popover-open")) tip.hidePopover();
  }

  return {tip, openTip, closeTip};
}
