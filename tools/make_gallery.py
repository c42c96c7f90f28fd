"""Take the pictures of `docs/images/pages` and write `docs/reference/gallery.md`: make gallery.

A real demo is started, three nodes with their people, and Chromium is led through the pages of
`tools.gallery_pages`.  The clock stands still, so that names, numbers and dates are the same each
time; keys are made anew, so the codes differ.

    python -m tools.make_gallery [NAME …]      only these pictures
    python -m tools.make_gallery --page        only the page
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from huxin.node.home.demo.cast import PASSWORD
from tests.lib.running_demo import HUXIN, Demo
from tools.gallery_pages import NOT_YET, PHONE, PICTURES, SECTIONS, Picture, Scene

__all__ = ["FOLDER", "PAGE", "page"]

_ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = _ROOT / "docs" / "images" / "pages"
PAGE: Final = _ROOT / "docs" / "reference" / "gallery.md"
# A Tuesday morning, while the clinic is open.
_SURROUNDINGS: Final = {
    "HUXIN_NOW": "2026-09-01T01:42:00Z",
    "HUXIN_ENVIRONMENT": "test",
    "HUXIN_REQUESTS_A_MINUTE": "100000",
}
_FLAGS: Final = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--font-render-hinting=none",
)  # fmt: skip
_COLOURS: Final = 256
# Where the demo stands by itself, so that the addresses in the pictures stay; another where it is taken.
_PORT: Final = 8800
_HEAD: Final = """\
# Gallery 图集

Pages of a running node, as Chromium shows them: `make gallery` starts the demo, walks through it and takes every picture anew. It
also writes this page (`tools/make_gallery.py`); do not edit it. People and data are made up, and every card is a SPECIMEN.
正在运行的节点的页面：`make gallery` 启动演示、逐页拍下，本页也由它写成，请勿手改。人和数据都是编的，每张卡都是样张。

Where a picture answers to a sketch of the design, the sketch is named. 对应哪张设计草图，写在图旁边。
"""


class Camera:
    """Takes pictures of one demo; whoever signed in stays signed in."""

    def __init__(self, browser: Browser, scene: Scene) -> None:
        self._browser = browser
        self._scene = scene
        self._signed_in: dict[str, Path] = {}

    def take(self, picture: Picture, room: Path) -> Image.Image:
        """Open the page as the picture wants it, and take it."""
        state = self._state(picture.who, room) if picture.who else None
        context = self._context(picture, state)
        try:
            page = context.new_page()
            picture.go(page, self._scene)
            return _shot(page, picture)
        finally:
            context.close()

    def _context(self, picture: Picture, state: Path | None) -> BrowserContext:
        phone = picture.width == PHONE
        context = self._browser.new_context(
            locale={"zh": "zh-CN", "en": "en-GB"}[picture.lang],
            viewport={"width": picture.width, "height": 844 if phone else 800},
            device_scale_factor=2 if phone else 1,
            color_scheme="dark" if picture.mode == "dark" else "light",
            timezone_id="Asia/Shanghai",
            storage_state=state,
        )
        if picture.mode == "elder":
            for origin in self._scene.nodes.values():
                context.add_cookies([{"name": "huxin_elder", "value": "1", "url": origin}])
        return context

    def _state(self, who: str, room: Path) -> Path:
        if who not in self._signed_in:
            node, account = who.split("/")
            context = self._browser.new_context()
            page = context.new_page()
            page.goto(f"{self._scene.nodes[node]}/accounts/login/")
            page.locator("[name=login]").fill(account)
            page.locator("[name=password]").fill(PASSWORD)
            page.locator("main form .btn").first.click()
            page.locator("a[href*=logout]").wait_for()
            self._signed_in[who] = room / f"{node}-{account}.json"
            context.storage_state(path=self._signed_in[who])
            context.close()
        return self._signed_in[who]


def _shot(page: Page, picture: Picture) -> Image.Image:
    page.wait_for_load_state("networkidle")
    # Neither a ring around what has the focus nor a button under the mouse.
    page.evaluate("document.activeElement?.blur()")
    page.mouse.move(0, 0)
    if picture.mode == "print":
        page.emulate_media(media="print")
        sheets = page.locator(".a4")
        data = (sheets if sheets.count() else page.locator("main")).first.screenshot()
    else:
        data = page.screenshot(full_page=True)
    taken = Image.open(io.BytesIO(data)).convert("RGB")
    if picture.clip:
        scale = taken.width // picture.width
        taken = taken.crop((0, 0, taken.width, min(picture.clip * scale, taken.height)))
    return _with_few_colours(taken)


def _with_few_colours(taken: Image.Image) -> Image.Image:
    """Keep the colours that cover most, as they are: our pages are flat, and what is rare is an edge."""
    pixels = cast("list[tuple[int, int, int]]", list(taken.get_flattened_data()))
    counted = Counter(pixels)
    kept = [
        colour
        for colour, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:_COLOURS]
    ]
    places = {colour: _nearest(colour, kept) for colour in counted}
    drawn = Image.new("P", taken.size)
    drawn.putpalette([part for colour in kept for part in colour])
    drawn.putdata([places[colour] for colour in pixels])
    return drawn


def _nearest(colour: tuple[int, int, int], kept: list[tuple[int, int, int]]) -> int:
    def apart(place: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(colour, kept[place], strict=True))

    return min(range(len(kept)), key=apart)


@contextmanager
def _scene(room: Path) -> Iterator[Scene]:
    port = _PORT if _is_free() else 0
    demo = Demo(room / "demo", *(("--port", str(port)) if port else ()), env=_SURROUNDINGS)
    try:
        things: dict[str, str] = {}
        for node in ("QV", "QW"):  # of two things of one name that of 苇洲
            things |= json.loads((demo.folder / node / "things.json").read_text("utf-8"))

        def break_list(code: str) -> None:
            (demo.folder / code / "trust.json").write_text("damaged", "utf-8")

        samples = demo.folder / "samples"
        now = _SURROUNDINGS["HUXIN_NOW"]
        yield Scene(demo.nodes, demo.tour, things, samples, _unknown(room), now, break_list)
    finally:
        demo.stop()


def _is_free() -> bool:
    for port in range(_PORT, _PORT + 4):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return False
    return True


def _unknown(room: Path) -> str:
    """Return a card of a region that is on nobody's list."""
    word = room / "word.txt"
    word.write_text("gallery 样张 2026", "utf-8")
    env = {**os.environ, **_SURROUNDINGS, "HUXIN_PASSPHRASE_FILE": str(word)}

    def huxin(*words: str) -> None:
        subprocess.run([*HUXIN, *words], check=True, cwd=room, env=env, capture_output=True)

    huxin("keys", "new", "qy.key", "--region", "QY", "--environment", "test")
    told = {
        "name": "云中渡",
        "birth": "2020-06-11",
        "vaccine": "mmr",
        "dose": "2",
        "date": "2026-08-20",
    }
    values = [word for name, value in told.items() for word in ("--set", f"{name}={value}")]
    huxin("issue", "--pack", "school-entry", "--key", "qy.key", "--out", "cards", *values)
    (text,) = (room / "cards").glob("*.txt")
    return text.read_text("utf-8").strip()


def page() -> str:
    """Return the whole page."""
    parts = [_HEAD]
    for key, title in SECTIONS.items():
        rows = [_row(one) for one in PICTURES if one.section == key]
        parts.append("\n".join([f"## {title}\n", "| | |", "|---|---|", *rows, ""]))
    names = ", ".join(f"‘{name}’" for name in NOT_YET)
    parts.append(
        f"## Not built yet 还没有的页面\n\nSketches without a page so far: {names}. 还没有页面的草图。\n"
    )
    return "\n".join(parts)


def _row(one: Picture) -> str:
    told = f"**{one.name}**<br>{one.zh}<br>{one.en}"
    if one.sketch:
        told += f"<br>The sketch ‘{one.sketch}’ 草图"
    return f"| ![{one.en}](../images/pages/{one.name}.png) | {told} |"


def _main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument("--page", action="store_true", help="only the page")
    asked = parser.parse_args(words)
    PAGE.write_text(page(), "utf-8")
    if asked.page:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [one for one in PICTURES if not asked.names or one.name in asked.names]
    with tempfile.TemporaryDirectory() as name, _scene(Path(name)) as scene, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=list(_FLAGS))
        camera = Camera(browser, scene)
        for one in wanted:
            camera.take(one, Path(name)).save(FOLDER / f"{one.name}.png", optimize=True)
            print(one.name, f"{(FOLDER / one.name).with_suffix('.png').stat().st_size // 1000} kB")
        browser.close()
    for path in FOLDER.glob("*.png"):
        if path.stem not in {one.name for one in PICTURES}:
            path.unlink()


if __name__ == "__main__":
    _main(sys.argv[1:])
