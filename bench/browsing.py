"""How long a person waits in the browser for the pages that draw."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from bench.serving import JAVA_OFF, served, wait_for_model
from bench.stage import EMBEDDED, Stage
from bench.table import Row, Section
from tests.browser.driving import OPTIONS, find_chromium
from tests.neo4j_packages import UnavailableError

CLICKS, OPENED, MOVES = 20, 5, 60

TITLE = "Browsing"
HOW = (
    "`tastegraph serve` on the real data with its model, in the embedded store, and headless "
    "Chromium at 1,280 by 800, which draws without a graphics card, on the same machine. What-if: "
    f"{CLICKS} clicks that want a row less, and {CLICKS} that take it back, from the click until "
    "the frame that shows the list. The map, after `tastegraph map`: from the address until its "
    "points are drawn, in a new tab each time; a frame: between two of "
    f"{MOVES} moves of a pointer that drags it. The graph: 300 nodes laid out, in a new tab each "
    "time."
)

# Resolves once the page has said what moved, and a frame has shown it.
_CLICK = """
selector => new Promise(resolve => {
  const link = document.querySelector(selector), said = document.getElementById("said");
  const start = performance.now();
  new MutationObserver((_, watching) => {
    watching.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
  }).observe(said, { attributes: true, attributeFilter: ["data-shown"] });
  link.click();
})
"""

# Milliseconds of each frame of a map that is dragged on and on.
_DRAG = """
moves => new Promise(resolve => {
  const canvas = document.getElementById("map-canvas"), box = canvas.getBoundingClientRect();
  const at = step => ({
    pointerId: 1, isPrimary: true, bubbles: true, buttons: 1, button: 0,
    clientX: box.x + box.width / 2 + 3 * step, clientY: box.y + box.height / 2 + step,
  });
  canvas.setPointerCapture = () => {};
  canvas.dispatchEvent(new PointerEvent("pointerdown", at(0)));
  const frames = [];
  let before = performance.now();
  const next = step => requestAnimationFrame(() => setTimeout(() => {
    const now = performance.now();
    frames.push(now - before);
    before = now;
    if (step === moves) {
      canvas.dispatchEvent(new PointerEvent("pointerup", at(step)));
      return resolve(frames);
    }
    canvas.dispatchEvent(new PointerEvent("pointermove", at(step)));
    next(step + 1);
  }));
  next(1);
})
"""

_LIKES = "/what-if?likes=id:154&likes=id:190&likes=id:289&friends=2"
_GROWN = "/graph?user=2#" + "&".join(["grow=user:2"] * 5 + ["grow=tag:73", "grow=tag:24"] * 12)
_NODES = "document.getElementById('graph-canvas')._cyreg.cy.nodes().length"


def measure(stage: Stage) -> Section:
    """Open the pages of a service in Chromium, and click, drag and grow."""
    chromium = find_chromium()
    if chromium is None:
        raise UnavailableError("no Chromium on PATH (Debian's package: chromium)")
    place = stage.stores()[EMBEDDED]
    stage.ensure_trained(place)
    stage.command(place, "map")
    with served(stage, place, JAVA_OFF) as address, sync_playwright() as playwright:
        wait_for_model(address)
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        clicks = _clicks(_tab(browser, address), 2 if stage.quick else CLICKS)
        maps = [_map(_tab(browser, address)) for _ in range(OPENED)]
        graphs = [_graph(_tab(browser, address)) for _ in range(OPENED)]
        browser.close()
    return section(clicks, maps, graphs)


def section(
    clicks: Sequence[float],
    maps: Sequence[tuple[float, Sequence[float]]],
    graphs: Sequence[tuple[int, float]],
) -> Section:
    """Render milliseconds: of clicks, of maps (drawn, frames) and of graphs (nodes, laid out)."""
    frames = list(chain.from_iterable(moved for _, moved in maps))
    nodes = min(count for count, _ in graphs)
    return Section(
        TITLE,
        HOW,
        [
            Row("what-if: from a click until the list is seen", "100 ms", _shown(clicks)),
            Row("the map: until it is first drawn", "1 s", _shown([drawn for drawn, _ in maps])),
            Row("the map: a frame while it is dragged", "33 ms", _shown(frames)),
            Row(f"the graph: {nodes} nodes laid out", "1 s", _shown([laid for _, laid in graphs])),
        ],
    )


def _tab(browser: Browser, address: str) -> Page:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800})
    return context.new_page()


def _clicks(page: Page, count: int) -> list[float]:
    page.goto(_LIKES)
    times: list[float] = []
    for at in range(count):
        row = 1 + at % 10
        times.append(page.evaluate(_CLICK, f".picks li:nth-of-type({row}) .act.less"))
        times.append(page.evaluate(_CLICK, ".group.of-dislikes .drops"))
    page.context.close()
    return times


def _map(page: Page) -> tuple[float, list[float]]:
    page.goto("/map")
    page.wait_for_selector("#map[data-drawn]")
    drawn: float = page.evaluate("performance.getEntriesByName('map-drawn')[0].startTime")
    frames: list[float] = page.evaluate(_DRAG, MOVES)
    page.context.close()
    return drawn, frames


def _graph(page: Page) -> tuple[int, float]:
    page.goto(_GROWN)
    page.wait_for_selector("#graph[data-drawn]")
    nodes: Any = page.evaluate(_NODES)
    laid = float(page.locator("#graph").get_attribute("data-laid") or "nan")
    page.context.close()
    return int(nodes), laid


def _shown(milliseconds: Sequence[float]) -> str:
    middle, most = np.percentile(milliseconds, [50, 95])
    return f"{middle:.0f} ms, 95 % within {most:.0f} ms"
