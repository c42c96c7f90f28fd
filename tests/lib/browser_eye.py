"""Looks at a page as no person can: with axe, with a ruler, and as a screen reader hears it.

Everything is asked in a world apart from the page's own scripts, so the page keeps its strict policy.
"""

import functools
import importlib.util
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Error, Page

# Text below this, and targets below that, are too small: CSS pixels, by mode.  What is a picture of
# paper (`.a4`) has the measures of print.  Axes of a chart shrink with a narrow screen, a little.
TEXT = {"elder": 24, "normal": 10}
TARGET = {"elder": 72, "normal": 48}

_RULER = """
(([leastText, leastTarget]) => {
  const shown = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const unseen = ".visually-hidden, .skip, script, style, template, noscript, option, .a4, [aria-hidden=true]";
  const name = (one) => one.outerHTML.replace(/\\s+/g, " ").slice(0, 120);
  const small = [], near = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, of = node.parentElement;
    if (!node.data.trim() || of.closest(unseen) || !shown(of)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    if (!range.getBoundingClientRect().width) continue;
    const scale = of instanceof SVGGraphicsElement ? of.getScreenCTM().a : 1;
    const size = parseFloat(getComputedStyle(of).fontSize) * scale;
    if (size < leastText - 0.2) small.push(`${size.toFixed(1)} px: ${node.data.trim().slice(0, 40)} in ${name(of)}`);
  }
  const targets = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  for (const one of document.querySelectorAll(targets)) {
    if (!shown(one) || one.closest(unseen)) continue;
    const ticks = one.type === "checkbox" || one.type === "radio";
    const felt = ticks ? one.closest("label") || one : one;
    const alone = (felt.parentElement.innerText || "").trim() === (felt.innerText || "").trim();
    // A link in a sentence is as high as its line.
    if (getComputedStyle(felt).display === "inline" && !alone) continue;
    const box = felt.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const least = felt.matches(".btn--s") && leastTarget < 72 ? 40 : leastTarget;
    if (box.height < least - 0.5) near.push(`${box.height.toFixed(1)} px: ${name(felt)}`);
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return JSON.stringify({small, near, wide});
})
"""
_WIDEST = """
(() => {
  const edge = document.documentElement.clientWidth, found = [];
  for (const one of document.body.querySelectorAll("*")) {
    const box = one.getBoundingClientRect();
    if (box.width && box.right > edge + 0.5) found.push(`${box.right.toFixed(0)}: ${one.outerHTML.slice(0, 100)}`);
  }
  return JSON.stringify(found.slice(0, 5));
})()
"""
_AXE = """
axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
  .then((told) => JSON.stringify(told.violations.map((one) =>
    `${one.id}: ${one.help}: ` + one.nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(" | "))))
"""


@functools.cache
def _axe() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")


class _MovedError(Exception):
    """The page gave way to another one while it was looked at."""


def faults(page: Page, *, elder: bool = False) -> list[str]:
    """What is wrong with a page as it is shown now; empty when nothing is.

    A click is over when its answer begins to arrive: the page is looked at when it is there as a
    whole, and once more if it gave way to another one meanwhile.
    """
    for _ in range(4):
        page.wait_for_load_state("load")
        try:
            return _look(page, elder)
        except _MovedError:
            continue
    raise AssertionError(f"the page does not come to rest: {page.url}")


def _look(page: Page, elder: bool) -> list[str]:
    mode = "elder" if elder else "normal"
    line = page.context.new_cdp_session(page)
    try:
        world = _world(line)
        _ask(line, world, _axe())
        found = [f"axe: {one}" for one in json.loads(_ask(line, world, _AXE))]
        measured = json.loads(_ask(line, world, f"({_RULER})([{TEXT[mode]}, {TARGET[mode]}])"))
        found += [f"small text: {one}" for one in measured["small"]]
        found += [f"small target: {one}" for one in measured["near"]]
        return found + _too_wide(page, line, world)
    finally:
        line.detach()


def _too_wide(page: Page, line: CDPSession, world: int) -> list[str]:
    """At 320 CSS pixels, which is 400 % of a small screen, nothing scrolls sideways."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": 320, "height": size["height"]})
    try:
        wide = json.loads(_ask(line, world, f"({_RULER})([0, 0])"))["wide"]
        if wide <= 0:
            return []
        return [f"scrolls sideways at 320 px by {wide} px: {_ask(line, world, _WIDEST)}"]
    finally:
        page.set_viewport_size(size)


def _world(line: CDPSession) -> int:
    frame = line.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    made = line.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "eye"})
    return int(made["executionContextId"])


def _ask(line: CDPSession, world: int, expression: str) -> Any:
    asked = {
        "expression": expression,
        "contextId": world,
        "awaitPromise": True,
        "returnByValue": True,
    }
    try:
        told = line.send("Runtime.evaluate", asked)
    except Error as gone:
        if "context" in str(gone):
            raise _MovedError from gone
        raise
    if "exceptionDetails" in told and not _whole(line, world):
        raise _MovedError
    assert "exceptionDetails" not in told, told["exceptionDetails"]
    return told["result"].get("value")


def _whole(line: CDPSession, world: int) -> bool:
    """Whether the world that was asked still belongs to a page that has loaded."""
    asked = {"expression": "document.readyState", "contextId": world, "returnByValue": True}
    try:
        return bool(line.send("Runtime.evaluate", asked)["result"].get("value") == "complete")
    except Error:
        return False
