"""A single card ends: one officer asks, it waits and counts on, another one agrees, the holder reads why."""

import pytest
from playwright.sync_api import expect

from tests.lib.browser_words import Tongue, box, new_name


@pytest.fixture
def officers(site):
    return [site.ask("staff", role="clerk", shown=name) for name in ("沈砚", "孟雨")]


@pytest.fixture
def scene(site, officers):
    """A card of a holder with an account."""
    name = new_name("林")
    person = site.ask("person", name=name, birth="2020-03-18")
    card = site.ask("card", person=person, by=officers[0]["name"])
    return {"name": name, "card": card, "holder": site.ask("resident", person=person)}


def ask(page, say, sound, scene):
    """From the card over the last look to the page that waits."""
    page.goto(f"/desk/cards/{scene['card']}")
    page.get_by_role("link", name=say("撤回这张卡", "Withdraw this card")).click()
    expect(page.get_by_text(say("要两位签发员", "It takes two officers"))).to_be_visible()
    sound(page)
    page.get_by_role("radio", name=say("这张卡报了丢失", "It was reported lost")).check()
    box(page, say("给本人的话", "A note for the holder")).fill("请来补一张")
    page.get_by_role("button", name=say("下一步：再看一遍", "Next: look once more")).click()
    expect(page.get_by_text(say("您可以收回", "you can take it back"))).to_be_visible()
    sound(page)
    page.get_by_role("button", name=say("请同事同意", "Ask a colleague")).click()
    waits = say("等另一位同事同意撤回", "Waiting for another officer to agree")
    expect(page.get_by_role("heading", name=waits)).to_be_visible()
    sound(page)


@pytest.mark.parametrize(
    ("lang", "width", "scripts"), [("zh", 320, True), ("en", 1280, False), ("zh", 320, False)]
)
def test_two_officers_and_a_holder(enter, sound, officers, scene, lang, width, scripts):
    say = Tongue(lang)
    how = {"lang": lang, "width": width, "scripts": scripts}
    page = enter(officers[0], **how)
    ask(page, say, sound, scene)
    page.get_by_role("button", name=say("收回请求", "Take the request back")).click()
    expect(page.get_by_text(say("已收回", "Taken back"))).to_be_visible()
    ask(page, say, sound, scene)

    holder = enter(scene["holder"], **how)
    holder.goto(f"/card/{scene['card']}")
    expect(holder.get_by_text(scene["name"]).first).to_be_visible()
    ended = holder.get_by_text(say("不再算数", "no longer counts"))
    expect(ended).to_have_count(0)

    other = enter(officers[1], **how)
    other.goto(f"/desk/cards/{scene['card']}")
    expect(other.get_by_text(say("同意之前，卡照常有效", "Until then the card is valid"))).to_be_visible()  # fmt: skip
    sound(other)
    other.goto("/desk/approvals")
    heading = say("等您同意撤回的卡", "Withdrawals that wait for you")
    expect(other.get_by_role("heading", name=heading)).to_be_visible()
    sound(other)
    other.goto(page.url)
    other.get_by_role("button", name=say("退回", "Decline"), exact=True).click()
    expect(other.get_by_role("alert").first).to_be_visible()
    sound(other)
    agree = say("同意，撤回这张卡", "Agree and withdraw the card")
    other.get_by_role("button", name=agree).click()
    expect(other.get_by_text(say("已撤回，已通知本人", "Withdrawn; the holder was told"))).to_be_visible()  # fmt: skip
    sound(other)

    holder.reload()
    expect(ended.first).to_be_visible()
    expect(holder.get_by_text("请来补一张")).to_be_visible()
    sound(holder)
