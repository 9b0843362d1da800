// When the server goes away: say so, wait until it answers, and come back to the same
// address, which holds the inputs and the view.
function watchServer(doc, page) {
  let gone = false;
  doc.on_event?.("connection_lost", () => {
    if (gone) return;
    gone = true;
    page.keep?.();
    const sign = document.createElement("div");
    sign.className = "breakeven-gone";
    sign.setAttribute("role", "alert");
    sign.textContent = "The server does not answer. This page comes back with your inputs as soon as it does.";
    document.body.appendChild(sign);
    comeBack(500);
  });
}

async function comeBack(wait) {
  // not all pages at once
  await new Promise((done) => setTimeout(done, wait * (0.7 + 0.6 * Math.random())));
  const script = document.querySelector("script[src*='bokeh']");
  try {
    const answer = await fetch(script ? script.src : location.href, {method: "HEAD", cache: "no-store"});
    if (answer.ok) return location.reload();
  } catch { /* not yet */ }
  return comeBack(Math.min(1.5 * wait, 8000));
}
