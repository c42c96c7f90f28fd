"""What a journey says and does: words in the page's language, a sign-in, and steps by keyboard alone."""

import re
import secrets
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.lib import browser_focus

MOST_STEPS = 80


@dataclass(frozen=True)
class Tongue:
    """`say("查找", "Find")` is the one of the two that the page speaks."""

    lang: str

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en


def box(page: Page | Locator, label: str) -> Locator:
    """The control of this label, whether or not it may be left out."""
    return page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*([(（].*)?$"))


def written(page: Page, words: str) -> Locator:
    """Where these words stand for a person to read, not as the name of a picture."""
    return page.get_by_role("main").get_by_role("paragraph").filter(has_text=words).first


def new_name(family: str) -> str:
    """A name that nobody else in the node bears."""
    return family + "".join(chr(0x4E00 + secrets.randbelow(0x5000)) for _ in range(2))


def sign_in(page: Page, say: Tongue, account: dict[str, str]) -> None:
    """From the page's own link through the form, with the password."""
    page.get_by_role("link", name=say("登录", "Sign in"), exact=True).click()
    box(page, say("账号", "Account name")).fill(account["name"])
    box(page, say("密码", "Password")).fill(account["password"])
    page.get_by_role("button", name=say("登录", "Sign in"), exact=True).click()


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; each stop on the way is seen, none is a trap."""
    expect(target).to_be_visible()
    for _ in range(MOST_STEPS):
        hidden = browser_focus.unseen(page)
        assert hidden == "", f"{page.url}: {hidden}"
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_STEPS} times Tab did not lead to {target}")


def follow(page: Page, target: Locator) -> None:
    """Go to a link or a button by Tab, and press Enter."""
    tab_to(page, target)
    page.keyboard.press("Enter")
