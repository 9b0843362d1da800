"""Time from moving a slider to the painted frame, against the floor of the browser.

Both in one run and on the same page: `page` goes to the server and back, `floor` has
the buffer in the browser already and only unpacks and paints it. A frame counts as
painted when every figure in the window has been drawn after the buffer landed and the
browser has finished that frame.

    python benchmarks/slider.py [--moves 100] [--rate 60] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from machine import Watch
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import breakeven_serve, launch, panel_serve  # noqa: E402

READY = """() => Object.values(globalThis.breakevenPages ?? {})[0]?.painted > 0"""
SET_UP = """(label) => {
  const deep = (root, found = []) => {
    for (const node of root.querySelectorAll("*")) {
      found.push(node);
      if (node.shadowRoot) deep(node.shadowRoot, found);
    }
    return found;
  };
  const nodes = deep(document);
  const slider = nodes.find((n) =>
    n.type === "range" && n.getAttribute("aria-label") === label);
  const [key, page] = Object.entries(breakevenPages)[0];
  const views = [...Bokeh.index.roots].flatMap((root) => {
    const found = [];
    const walk = (view) => {
      if (view.model?.type === "Figure") found.push(view);
      const below = view.child_views ?? view.children_views?.() ?? [];
      for (const child of below) walk(child);
    };
    walk(root);
    return found;
  });
  const seen = views.filter((view) => {
    const box = view.el.getBoundingClientRect();
    // of a page in one file the figures of the other tabs are laid out too, unseen
    if (getComputedStyle(view.el).visibility !== "visible") return false;
    return box.width > 0 && box.top < innerHeight - 40 && box.bottom > 0;
  });
  const state = {drawn: new Set(), landed: false, done: null};
  for (const view of seen) {
    const repaint = view.repaint.bind(view);
    view.repaint = () => {
      repaint();
      if (!state.landed) return;
      state.drawn.add(view);
      if (state.drawn.size === seen.length && state.done) {
        const channel = new MessageChannel();
        const done = state.done;
        state.done = null;
        channel.port1.onmessage = () => done(performance.now());
        channel.port2.postMessage(0);
      }
    };
  }
  const apply = page.apply;
  page.apply = () => { state.landed = true; state.drawn.clear(); apply(); };
  const idle = () => new Promise((r) => setTimeout(r, 60));
  const timed = async (start) => {
    state.landed = false;
    const finished = new Promise((r) => { state.done = r; });
    const from = performance.now();
    start();
    const late = new Promise((r) => setTimeout(() => r(NaN), 5000));
    return (await Promise.race([finished, late])) - from;
  };
  globalThis.bench = {
    figures: seen.length,
    async page(moves) {
      const times = [];
      for (let i = 0; i < moves; i++) {
        await idle();
        times.push(await timed(() => {
          slider.value = 300 + ((i * 37) % 600);
          slider.dispatchEvent(new Event("input", {bubbles: true}));
        }));
      }
      return times;
    },
    async floor(moves) {
      const kept = (bench.kept ??= []);
      for (let i = kept.length; i < 20; i++) {
        slider.value = 300 + ((i * 37) % 600);
        slider.dispatchEvent(new Event("input", {bubbles: true}));
        await idle();
        await idle();
        kept.push({...page.last, buffer: page.last.buffer.slice()});
      }
      const times = [];
      for (let i = 0; i < moves; i++) {
        await idle();
        times.push(await timed(() => {
          page.last = kept[i % kept.length];
          page.apply();
        }));
      }
      return times;
    },
    async drag(rate, seconds) {
      const painted = page.painted;
      let landed = page.sent ?? 0, most = 0;
      page.listeners.push((message) => { landed = message.seq ?? landed; });
      const count = rate * seconds;
      const from = performance.now();
      let last = from;
      for (let i = 0; i < count; i++) {
        slider.value = 300 + Math.round(600 * i / count);
        slider.dispatchEvent(new Event("input", {bubbles: true}));
        last = performance.now();
        most = Math.max(most, (page.sent ?? 0) - landed);
        const wait = from + (i + 1) * 1000 / rate - performance.now();
        await new Promise((r) => setTimeout(r, Math.max(0, wait)));
      }
      await new Promise((r) => setTimeout(r, 1500));
      const behind = page.landedAt - last;
      const frames = page.painted - painted;
      return {events: count, frames, behind, updates_behind: most};
    },
  };
  return seen.length;
}"""


def measure(page: Page, url: str, moves: int, rate: int) -> dict[str, object]:
    """Times of one page in ms, and how far a drag falls behind."""
    page.goto(url)
    page.wait_for_function(READY)
    page.wait_for_timeout(1500)
    label = page.get_by_role("slider", name=" chips").first.get_attribute("aria-label")
    figures = page.evaluate(SET_UP, label)
    page.evaluate("() => bench.page(10)")
    # in turns, so that both meet the same machine
    times: dict[str, list[float | None]] = {"page": [], "floor": []}
    for count in np.diff(np.linspace(0, moves, 11).astype(int)).tolist():
        for name, found_times in times.items():
            found_times += page.evaluate(f"() => bench.{name}({count})")
    drag = page.evaluate(f"() => bench.drag({rate}, 4)")
    found: dict[str, object] = {"figures": figures, "moves": moves, "drag": drag}
    for name, values in times.items():
        good = np.asarray([v for v in values if v is not None], dtype=float)
        p50, p95 = np.nanpercentile(good, (50, 95))
        found[name] = {
            "p50": round(p50, 1),
            "p95": round(p95, 1),
            "lost": moves - good.size,
        }
    return found


def main() -> int:
    """Print the times; write them as JSON too when asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=100)
    parser.add_argument(
        "--rate", type=int, default=60, help="events a second of the drag"
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument("--app", type=Path, help="serve this app with `panel serve`")
    parser.add_argument("--size", default="1280x760", help="window, width x height")
    given = parser.parse_args()
    width, height = map(int, given.size.split("x"))
    served = panel_serve(given.app) if given.app else breakeven_serve()
    with served as url, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": width, "height": height})
        watch = Watch()
        found = measure(page, url, given.moves, given.rate)
        browser.close()
    ratio = found["page"]["p50"] / found["floor"]["p50"]  # type: ignore[index]
    print(f"figures in the window    {found['figures']}")
    for name in ("page", "floor"):
        row: dict[str, float] = found[name]  # type: ignore[assignment]
        times = f"{row['p50']} / {row['p95']}"
        print(f"{name:8} p50 / p95 [ms]   {times}   lost {row['lost']}")
    print(f"page over floor, p50     {ratio:.2f}")
    drag: dict[str, float] = found["drag"]  # type: ignore[assignment]
    print(
        f"drag at {given.rate}/s for 4 s    {drag['frames']} frames, at most "
        f"{drag['updates_behind']} update behind, last painted "
        f"{drag['behind']:.0f} ms after the last event"
    )
    print(watch.said())
    if given.json:
        given.json.write_text(json.dumps(found, indent=2))
    good = found["page"]["p50"] <= 45 and ratio <= 2 and drag["updates_behind"] <= 1  # type: ignore[index]
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
