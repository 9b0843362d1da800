// What the Share menu hands out: files to save, text to paste, a word that passes by.
function save({name, type, base64}) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// a bar that stays while something is made
function busy(text) {
  const shown = document.querySelector(".breakeven-busy");
  if (shown && text) { shown.firstChild.data = text; return; }
  shown?.remove();
  if (!text) return;
  const sign = document.createElement("div");
  sign.className = "breakeven-toast breakeven-busy";
  sign.setAttribute("role", "status");
  sign.textContent = text;
  sign.appendChild(document.createElement("i"));
  document.body.appendChild(sign);
}

async function clip(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    say(said);
  } catch {
    prompt("Copy this", text);
  }
}

// a word that passes by
function say(text) {
  const toast = document.createElement("div");
  toast.setAttribute("role", "status");
  toast.className = "breakeven-toast";
  toast.textContent = text;
  document.body.appendChild(toast);
  setTimeout(() => toast.remove(), 2500);
}
