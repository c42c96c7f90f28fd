"""The checking page as a checker handles it."""

from playwright.sync_api import Locator, Page, expect

from tests.lib.browser_words import Tongue, box


def open_check(page: Page, say: Tongue) -> None:
    """Open the page, and wait for its script: a scanner or a pasted picture is nothing without it."""
    page.goto("/check")
    ready(page, say)


def ready(page: Page, say: Tongue) -> None:
    """The script is there as soon as it offers to be silent."""
    expect(page.get_by_role("button", name=say("静音", "Mute"))).to_be_visible()


def code_box(page: Page | Locator, say: Tongue) -> Locator:
    """The field into which a code is pasted or scanned."""
    zh, en = "扫码枪扫到这里，或粘贴码的文字", "Scan into this field, or paste the code's text"
    return box(page, say(zh, en))


def hand_in(page: Page, say: Tongue, text: str) -> None:
    """Paste a text and ask."""
    code_box(page, say).fill(text)
    page.get_by_role("button", name=say("查验", "Check"), exact=True).click()


def next_person(page: Page, say: Tongue) -> None:
    page.get_by_role("button", name=say("下一位", "Next person")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("查验", "Check"))
