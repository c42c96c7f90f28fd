"""A browser and a node that really runs, one of each for all tests in this folder.

`enter(account, …)` opens a fresh browser, signed in or not, and gives its page.  Whatever goes wrong
unseen fails the test at its end: an error in the console, a breach of the policy, a request to
another origin, an answer of 500.

Nothing here waits on time: pages are waited for by what they show.
"""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.lib import browser_door, browser_eye, shown_cards
from tests.lib.browser_node import Site, running_node

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
# A hurried machine is slow, and still right.
PATIENCE = 60_000


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.needs("chromium"))
    item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_node(tmp_path_factory.mktemp("browser") / "node") as made:
        yield made


@dataclass(frozen=True)
class Camera:
    """What Chromium takes for a camera; what it sees is read anew whenever it is started."""

    file: Path

    def sees(self, text: str | None) -> None:
        """A code in the middle of the view, or nothing but a wall."""
        film = self.file.with_suffix(".new")
        film.write_bytes(shown_cards.film(text))
        film.replace(self.file)


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Camera:
    made = Camera(tmp_path_factory.mktemp("camera") / "view.mjpeg")
    made.sees(None)
    return made


# Ends with its file: as long as it lives there is an event loop in this thread, and Django's database
# refuses to be used beside one.
@pytest.fixture(scope="module")
def chromium(camera: Camera) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    flags = [*FLAGS, f"--use-file-for-fake-video-capture={camera.file}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a browser did that nobody would see; `requests` is its log.  It may ask these origins only."""

    origins: tuple[str, ...]
    scripts: bool
    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))

    def _request(self, request: Any) -> None:
        self.requests.append(f"{request.method} {request.url}")
        if request.is_navigation_request():
            self.pages.add(request.url)
        known = tuple(f"{origin}/" for origin in self.origins)
        if not request.url.startswith((*known, "data:", "blob:")):
            self.troubles.append(f"asked elsewhere: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 500:
            self.troubles.append(f"answered {response.status}: {response.url}")

    def _console(self, message: Any) -> None:
        if message.type != "error":
            return
        # A page may well be a refusal; a script, a style or a picture may not.
        if "Failed to load resource" in message.text and message.location["url"] in self.pages:
            return
        self.troubles.append(f"console: {message.text} ({message.location['url']})")


Enter = Callable[..., Page]


@pytest.fixture
def enter(chromium: Browser, site: Site) -> Iterator[Enter]:
    """`enter(account=None, lang="zh", width=390, elder=False, scripts=True)` gives a page."""
    watches: list[Watch] = []
    with contextlib.ExitStack() as closing:

        def open_browser(
            account: dict[str, str] | None = None,
            *,
            lang: str = "zh",
            width: int = 390,
            elder: bool = False,
            scripts: bool = True,
        ) -> Page:
            context = chromium.new_context(
                base_url=site.origin,
                locale={"zh": "zh-CN", "en": "en-GB"}[lang],
                viewport={"width": width, "height": 844 if width < 700 else 900},
                java_script_enabled=scripts,
                timezone_id="Asia/Shanghai",
            )
            closing.callback(context.close)
            context.set_default_timeout(PATIENCE)
            cookies = {"huxin_elder": "1"} if elder else {}
            if account is not None:
                cookies["huxin_qw_session"] = site.ask("session", name=account["name"])
            context.add_cookies(
                [
                    {"name": name, "value": value, "url": site.origin}
                    for name, value in cookies.items()
                ]
            )
            watch = Watch((site.origin,), scripts)
            watch.over(context)
            watches.append(watch)
            page = context.new_page()
            page.watch = watch  # type: ignore[attr-defined]
            return page

        yield open_browser
    assert [trouble for watch in watches for trouble in watch.troubles] == []


@pytest.fixture
def door(chromium: Browser, tmp_path: Path) -> Iterator[browser_door.Door]:
    """`door(…)` gives a page of the offline verifier, as `browser_door.open_door` opens it."""
    watches: list[Watch] = []

    def watch(*about: Any) -> Watch:
        watches.append(Watch(*about))
        return watches[-1]

    with contextlib.ExitStack() as closing:

        def opened(**how: Any) -> Page:
            folder = tmp_path / f"door-{len(watches)}"
            return browser_door.open_door(chromium, folder, watch, closing, **how)

        yield opened
    # Data that is not to be had, as with the cable out, is no fault of the page: it says so itself.
    told = [
        trouble
        for one in watches
        for trouble in one.troubles
        if "/data/" not in trouble and "/icon" not in trouble
    ]
    assert told == []


@pytest.fixture
def sound() -> Callable[..., None]:
    """`sound(page)` fails if axe, the ruler or the width finds a fault with what is shown.

    Where scripts are off axe cannot run; the same page is looked at where they are on.
    """

    def look(page: Page, *, elder: bool = False) -> None:
        if page.watch.scripts:  # type: ignore[attr-defined]
            assert browser_eye.faults(page, elder=elder) == [], page.url

    return look
