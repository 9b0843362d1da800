"""Time from opening the page to the first plot on screen, and what is fetched for it.

Every load is a browser without a cache. The first plot counts as painted when the page
has applied its first buffer and a canvas of a figure has ink on it. In turn with it the
least page that Panel can serve, one curve in one figure, is opened: the floor, which
says how busy the machine is.

    python benchmarks/first_paint.py [--loads 10] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from machine import Watch
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import breakeven_serve, foreign, launch, panel_serve  # noqa: E402

WATCH = """(() => {
  const inked = (root) => [...root.querySelectorAll("*")].some((node) => {
    if (node.shadowRoot && inked(node.shadowRoot)) return true;
    if (node.tagName !== "CANVAS" || !node.width || !node.height) return false;
    const pixels = node.getContext("2d").getImageData(0, 0, node.width, node.height);
    return pixels.data.some((value) => value);
  });
  const look = () => {
    const page = Object.values(globalThis.breakevenPages ?? {})[0];
    const fed = (page?.painted ?? globalThis.bare) > 0;
    if (fed && inked(document)) globalThis.firstPlot = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
SIZES = """() => {
  const all = [performance.getEntriesByType("navigation")[0],
    ...performance.getEntriesByType("resource")];
  const own = all.filter((entry) => !entry.name.startsWith("blob:"));
  const sum = (name) => own.reduce((total, entry) => total + entry[name], 0);
  return {requests: own.length, sent: sum("encodedBodySize"),
    unpacked: sum("decodedBodySize"), answered: all[0].responseStart};
}"""


def load(browser: Browser, url: str, *, bare: bool = False) -> dict[str, float]:
    """One load without a cache: times in ms, sizes in bytes."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    strangers: list[str] = []
    frames = [0]
    page.on("request", lambda request: strangers.extend(foreign(request.url)))
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda frame: frames.append(len(frame))
        ),
    )
    page.add_init_script(f"globalThis.bare = {int(bare)};{WATCH}")
    page.goto(url)
    page.wait_for_function("() => globalThis.firstPlot > 0", timeout=60_000)
    found = page.evaluate(SIZES)
    found["first_plot"] = page.evaluate("() => globalThis.firstPlot")
    found["websocket"] = sum(frames)
    found["foreign"] = len(strangers)
    context.close()
    return found


def main() -> int:
    """Print times and weight; exit 1 where they miss the mark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--loads", type=int, default=10)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    least = ROOT / "benchmarks" / "bare.py"
    watch = Watch()
    with (
        breakeven_serve() as url,
        panel_serve(least) as floor_url,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        loads, floors = [], []
        for _ in range(given.loads):
            loads.append(load(browser, url))
            floors.append(load(browser, floor_url, bare=True))
        browser.close()
    floor = float(np.median([found["first_plot"] for found in floors]))
    times = np.array([found["first_plot"] for found in loads])
    answered = np.array([found["answered"] for found in loads])
    last = loads[-1]
    weight = max(found["unpacked"] + found["websocket"] for found in loads)
    strangers = sum(found["foreign"] for found in loads)
    p50, p95 = np.percentile(times, (50, 95))
    print(f"first plot, p50 / p95 [ms]     {p50:.0f} / {p95:.0f}")
    print(f"of that until the server answers {np.median(answered):.0f}")
    print(f"least page of Panel, p50 [ms]  {floor:.0f}, page over it {p50 / floor:.2f}")
    print(f"requests                       {last['requests']:.0f}, {strangers} foreign")
    print(f"sent, compressed [MB]          {last['sent'] / 1e6:.2f}")
    print(f"unpacked, with websocket [MB]  {weight / 1e6:.2f}")
    print(watch.said())
    if given.json:
        given.json.write_text(json.dumps(loads, indent=2))
    return 0 if p50 <= 2000 and weight <= 7e6 and not strangers else 1


if __name__ == "__main__":
    sys.exit(main())
