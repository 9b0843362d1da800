"""The page in one file: size, time to make, to open and to move a slider, requests.

Numbers to reach: <= 6 MB, made in <= 10 s, open and interactive in <= 2 s, a slider to
the painted frame in <= 50 ms (median), no request but the file itself.

Interactive is when the plots of the open tab are built and the sliders answer; complete
is when those of the other tabs are built too, once the page is idle. A move
counts as painted when every figure that can be seen has been: no other is painted.

    python benchmarks/snapshot.py [--moves 100] [--views cost,returns] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
for folder in ("tests", "benchmarks"):
    sys.path.insert(0, str(ROOT / folder))

from browser import launch  # noqa: E402
from slider import SET_UP  # noqa: E402

from breakeven.explorer import load_scenario, snapshot  # noqa: E402

# What the page says of itself, by name of the state, without a look at it meanwhile.
HEARD = """addEventListener("DOMContentLoaded", () => {
  const root = document.documentElement;
  new MutationObserver(() => {
    for (const state of ["ready", "complete"]) {
      if (!root.classList.contains(state) || root.dataset[state]) continue;
      root.dataset[state] = performance.now();
      console.debug(`snapshot ${state}`);
    }
  }).observe(root, {attributes: true, attributeFilter: ["class"]});
})"""
LIMITS = {"bytes": 6e6, "made": 10.0, "open": 2.0, "p50": 50.0, "requests": 0}


def processor(page: Page) -> float:
    """Processor time of the process that shows a page, all its threads. [s]."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(float(m["value"]) for m in metrics if m["name"] == "ProcessTime")


def opened(chromium: Browser, file: Path, moves: int) -> dict[str, float]:
    """Seconds until it answers, times of moves in ms, requests beside the file."""
    own = chromium.new_context(viewport={"width": 1280, "height": 760}, offline=True)
    page = own.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(HEARD)
    start = time.perf_counter()
    with page.expect_console_message(lambda m: m.text == "snapshot complete"):
        with page.expect_console_message(lambda m: m.text == "snapshot ready"):
            page.goto(file.as_uri(), wait_until="commit")
        seconds = time.perf_counter() - start
    complete = time.perf_counter() - start
    spent = processor(page)
    label = page.get_by_role("slider", name=" chips").first.get_attribute("aria-label")
    figures = page.evaluate(SET_UP, label)
    page.evaluate("() => bench.page(10)")
    times = [t for t in page.evaluate(f"() => bench.page({moves})") if t is not None]
    own.close()
    p50, p95 = np.percentile(times, (50, 95))
    return {
        "open": seconds,
        "complete": complete,
        "open_processor": spent,
        "figures": figures,
        "p50": float(p50),
        "p95": float(p95),
        "lost": moves - len(times),
        "requests": len({url for url in asked if url != file.as_uri()}),
    }


def measured(name: str, views: list[str], moves: int) -> dict[str, float | str]:
    """Numbers of the file of one scenario."""
    scenario = load_scenario(name)
    start, before = time.perf_counter(), time.process_time()
    made = snapshot.snapshot(scenario, wish=snapshot.Wish(views=views))
    seconds, spent = time.perf_counter() - start, time.process_time() - before
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "page.html"
        file.write_text(made.html, encoding="utf-8")
        chromium = launch(playwright)
        runs = [opened(chromium, file, moves if k == 2 else 2) for k in range(3)]
        chromium.close()
    states = ("open", "complete", "open_processor")
    found = runs[-1] | {name: min(run[name] for run in runs) for name in states}
    found |= {"bytes": len(made.html.encode()), "made": seconds}
    return found | {"made_processor": spent, "said": made.report()}


def main() -> int:
    """Print the numbers; 1 when one is beyond its limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", nargs="?", default="trainium2-vs-h100")
    parser.add_argument("--moves", type=int, default=100)
    parser.add_argument("--views", default="")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    views = [name for name in given.views.split(",") if name]
    found = measured(given.scenario, views, given.moves)
    print(found.pop("said"))
    print(
        f"size {found['bytes']:,} bytes, made in {found['made']:.1f} s "
        f"(processor {found['made_processor']:.1f} s)"
    )
    print(
        f"open and interactive in {found['open']:.2f} s, complete in "
        f"{found['complete']:.2f} s (processor {found['open_processor']:.2f} s), best "
        "of 3"
    )
    print(
        f"slider to frame p50 / p95 {found['p50']:.0f} / {found['p95']:.0f} ms over "
        f"{given.moves} moves, {found['figures']} figures, lost {found['lost']}"
    )
    print(f"requests {found['requests']}")
    if given.json:
        given.json.write_text(json.dumps(found, indent=2))
    beyond = [name for name, limit in LIMITS.items() if found[name] > limit]
    if beyond:
        print(f"beyond its limit: {', '.join(beyond)}")
    return bool(beyond)


if __name__ == "__main__":
    sys.exit(main())
