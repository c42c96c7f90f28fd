"""A browser at a door: the offline verifier's page, opened from a folder that a test may stop serving.

page = door(lang="zh", width=390)        a page that was set up before, ready to scan, its camera off
page.place.stop()                        the cable is out
scan(page, text) · paste(page, text)     a scanner types; somebody pastes

The clock of the page stands at three hours after the list was signed, unless a test moves it.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.lib import verifier_folder, verifier_world

HOUR = timedelta(hours=1)
CHOICES = "huxin-verifier-/-choices"
_KEEP = """
(() => {{
  try {{
    if (!localStorage.getItem("{name}")) localStorage.setItem("{name}", JSON.stringify({choices}));
  }} catch {{}}
}})()
"""
_PASTE = """
(text) => {
  const data = new DataTransfer();
  data.setData("text", text);
  document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}
"""
Door = Callable[..., Page]


def open_door(
    browser: Browser, folder: Path, watch: Any, closing: Any, *, lang: str = "zh", width: int = 390,
    data: dict[str, Any] | None = None, choices: dict[str, Any] | None = None, begun: bool = True,
    now: datetime = verifier_world.NOW + 3 * HOUR, script: str = "", moving: bool = False, ready: bool = True,
) -> Page:  # fmt: skip
    """Serve a folder and open its page; `script` runs before the page's own."""
    verifier_folder.make(folder, verifier_world.data() if data is None else data)
    place = closing.enter_context(verifier_folder.served(folder))
    context = browser.new_context(
        base_url=place.origin,
        locale={"zh": "zh-CN", "en": "en-GB"}[lang],
        viewport={"width": width, "height": 844 if width < 700 else 900},
        timezone_id="Asia/Shanghai",
        service_workers="block",
        accept_downloads=True,
    )
    closing.callback(context.close)
    context.set_default_timeout(60_000)
    language = {"zh": "zh-Hans", "en": "en"}[lang]
    kept = {"language": language, "answer": language, "begun": begun, "camera": False}
    context.add_init_script(_KEEP.format(name=CHOICES, choices=json.dumps(kept | (choices or {}))))
    if script:
        context.add_init_script(script)
    seen = watch((place.origin,), True)
    seen.over(context)
    page = context.new_page()
    if moving:
        page.clock.install(time=now)
    else:
        page.clock.set_fixed_time(now)
    page.watch = seen  # type: ignore[attr-defined]
    page.place = place  # type: ignore[attr-defined]
    page.goto("/index.html")
    on_screen(page, "scan" if begun else "begin")
    if ready:
        expect(page.locator("[data-age]")).to_contain_text({"zh": "前", "en": " old"}[lang])
    return page


def on_screen(page: Page, name: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-screen", name)


def scan(page: Page, text: str) -> None:
    """A scanner types and ends its line."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def paste(page: Page, text: str) -> None:
    page.evaluate(_PASTE, text)


def answer(page: Page, outcome: str, code: str | None = None) -> Locator:
    """The answer that stands there now."""
    on_screen(page, "answer")
    verdict = page.get_by_role("main")
    expect(verdict).to_have_attribute("data-outcome", outcome)
    if code is not None:
        expect(verdict).to_have_attribute("data-code", code)
    return verdict


def next_person(page: Page) -> None:
    page.locator("#next").click()
    on_screen(page, "scan")
