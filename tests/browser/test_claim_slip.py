"""What a claim slip opens in a borrowed browser: the note above the cards, and its two ways on."""

import re

import pytest
from playwright.sync_api import expect

from tests.lib.browser_words import box, new_name


@pytest.fixture
def slip(site, enter):
    """A slip for somebody with a card: its code."""
    clerk = site.ask("staff", role="clerk")
    person = site.ask("person", name=new_name("沈"), birth="1941-02-03")
    site.ask("card", person=person, by=clerk["name"])
    desk = enter(clerk)
    desk.goto(f"/desk/people/{person}")
    desk.get_by_role("button", name="做一张领取单").click()
    code = desk.locator(".code-block")
    expect(code).to_have_text(re.compile(r"[0-9A-Z]{5}-[0-9A-Z]{5}"))
    return code.text_content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_button_in_a_note_looks_like_a_button(enter, sound, slip, scheme):
    page = enter()
    page.emulate_media(color_scheme=scheme)
    page.goto("/claim")
    box(page, "领取单上的码").fill(slip)
    box(page, "出生年").fill("1941")
    page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name="现在就看").click()
    keep, away = (
        page.get_by_role("link", name="以后也要看"),
        page.get_by_role("button", name="收起"),
    )
    expect(keep).to_be_visible()
    colour = away.evaluate("one => getComputedStyle(one).color")
    expect(keep).to_have_css("color", colour)
    sound(page)
