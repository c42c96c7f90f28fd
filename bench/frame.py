"""From a camera's frame to an answer, on the offline verifier's page in Chromium: milliseconds, the median of many people.

Printed as one line of JSON by `python -m bench.frame`; the film that stands for the camera shows eight people in turns.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from tests.lib import shown_cards, verifier_folder, verifier_world
from tests.lib.browser_door import CHOICES

__all__ = ["answered"]

PEOPLE: Final = tuple("林苏江柳何石夏陶")
ANSWERS: Final = 24
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)
# When the frame in which a code was found was handed to the reader, and when the answer to it was drawn.
# The clock is taken before the page's is moved.
_CLOCKS: Final = """
(() => {
  const now = performance.now.bind(performance);
  const post = Worker.prototype.postMessage;
  const sent = new Map(), heard = new WeakSet();
  let began = null, before = "";
  window.answered = [];
  Worker.prototype.postMessage = function (what, ...more) {
    sent.set(what.id, now());
    if (!heard.has(this)) {
      heard.add(this);
      this.addEventListener("message", ({ data }) => {
        const found = data.texts.join();
        // The first frame of somebody new; those after it show the same person.
        if (found && found !== before) [before, began] = [found, sent.get(data.id)];
        sent.delete(data.id);
      });
    }
    return post.call(this, what, ...more);
  };
  new MutationObserver(() => {
    const who = document.querySelector("main[data-outcome]")?.innerText;
    if (!who || who === window.last || began === null) return;
    window.last = who;
    const from = began;
    began = null;
    requestAnimationFrame(() => window.answered.push(now() - from));
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-outcome", "data-code"] });
})()
"""


def answered() -> float:
    """Return the median of the milliseconds."""
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        film = Path(made) / "door.mjpeg"
        texts = [verifier_world.card(f"{name}小舟") for name in PEOPLE]
        film.write_bytes(b"".join(shown_cards.film(text) for text in texts))
        flags = [*FLAGS, f"--use-file-for-fake-video-capture={film}"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        verifier_folder.make(Path(made) / "folder", verifier_world.data())
        with verifier_folder.served(Path(made) / "folder") as place:
            times = _watched(browser, place.origin)
        browser.close()
    return statistics.median(times)


def _watched(browser: Browser, origin: str) -> list[float]:
    context = browser.new_context(base_url=origin, viewport={"width": 1280, "height": 900})
    kept: dict[str, Any] = {"language": "en", "answer": "en", "begun": True, "camera": True}
    context.add_init_script(
        f"localStorage.setItem('{CHOICES}', JSON.stringify({json.dumps(kept)}))"
    )
    context.add_init_script(_CLOCKS)
    page: Page = context.new_page()
    page.clock.set_system_time(verifier_world.NOW + timedelta(hours=3))
    page.goto("/index.html")
    page.wait_for_function(f"() => window.answered.length > {ANSWERS}", timeout=120_000)
    # The first one waits for the reader to be compiled.
    found: list[float] = page.evaluate("() => window.answered")[1:]
    context.close()
    return found


if __name__ == "__main__":
    print(json.dumps({"frame": answered()}))
