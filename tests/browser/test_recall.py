"""Many cards end at once: one officer finds them, another agrees, a holder reads it and finds what holds now."""

import secrets

import pytest
from playwright.sync_api import expect

from tests.lib.browser_words import Tongue, box, new_name


@pytest.fixture
def officers(site):
    return [site.ask("staff", role="clerk", shown=name) for name in ("沈砚", "孟雨")]


@pytest.fixture
def scene(site, officers):
    """Three cards of one batch, which a lost key signed: one of a holder with an account."""
    batch, kid = f"LB-{secrets.token_hex(4)}", f"lost-{secrets.token_hex(4)}"
    names = [new_name(family) for family in ("林", "顾", "贺")]
    people = [site.ask("person", name=name, birth="2020-03-18") for name in names]
    cards = [site.ask("card", person=one, by=officers[0]["name"], batch=batch) for one in people]
    for card in cards:
        site.ask("of_lost_key", card=card, kid=kid)
    holder = site.ask("resident", person=people[0])
    return {"batch": batch, "kid": kid, "names": names, "holder": holder, "person": people[0]}


def done(page, words, say, *, scripts):
    """Wait until a job has come to its end; without scripts its link is followed as often as needed."""
    said = page.get_by_text(words)
    link = page.get_by_role("link", name=say("看进度", "See how far it is"))
    while not scripts and not said.first.is_visible():
        # A page later, never beside one that is still coming.
        with page.expect_navigation():
            link.click()
    expect(said.first).to_be_visible()


def begin(page, say, scene, reason):
    """What is meant, from the desk's own link to the search."""
    page.goto("/desk")
    page.get_by_role("link", name=say("批量撤回：", "Recalls: a batch")).click()
    page.get_by_role("link", name=say("开始一次批量撤回", "Begin a recall")).click()
    if reason == "key-lost":
        page.get_by_role("link", name=say("签发用的密钥作废了", "The key that signed it")).click()
        expect(page.get_by_role("group", name=say("哪一把密钥", "Which key"))).to_be_visible()
    return box(page, say("给本人的话（中文）", "A note for the holders (Chinese)"))


def meant(page, say, scene, reason):
    if reason == "key-lost":
        page.get_by_role("radio", name=scene["kid"]).check()
    else:
        page.get_by_label(say("哪一种卡", "Which card")).select_option("school-entry/mmr")
        box(page, say("批号", "Batch number")).fill(scene["batch"].lower())


@pytest.mark.parametrize(
    ("lang", "width", "scripts", "reason"),
    [
        ("zh", 320, True, "batch-recalled"),
        ("en", 1280, False, "key-lost"),
        ("en", 1280, True, "key-lost"),
        ("zh", 320, False, "batch-recalled"),
    ],
)
def test_two_officers_and_a_holder(enter, sound, officers, scene, lang, width, scripts, reason):
    say = Tongue(lang)
    page = enter(officers[0], lang=lang, width=width, scripts=scripts)
    note = begin(page, say, scene, reason)
    note.fill("周六来补打")
    sound(page)
    page.get_by_role("button", name=say("下一步：找出这些卡", "Next: find these cards")).click()
    expect(page.get_by_role("alert")).to_contain_text(say("有 1 处要改", "1 to correct"))
    sound(page)
    expect(note).to_have_value("周六来补打")
    meant(page, say, scene, reason)
    page.get_by_role("button", name=say("下一步：找出这些卡", "Next: find these cards")).click()
    done(page, say("3 张卡，3 个人", "Cards: 3. People: 3."), say, scripts=scripts)
    expect(page.get_by_text("周六来补打").first).to_be_visible()
    sound(page)
    page.get_by_role("button", name=say("请同事看", "Ask a colleague")).click()
    expect(
        page.get_by_text(say("要由另一位同事同意", "so a colleague agrees")).first
    ).to_be_visible()
    sound(page)

    other = enter(officers[1], lang=lang, width=width, scripts=scripts)
    other.goto("/desk")
    waiting = other.get_by_text(say("次批量撤回等您看", "Recalls that wait for your look"))
    expect(waiting).to_be_visible()
    other.goto(page.url)
    expect(other.get_by_text(say("3 张卡，3 个人", "Cards: 3. People: 3.")).first).to_be_visible()
    other.get_by_role("button", name=say("不同意", "Decline"), exact=True).click()
    expect(other.get_by_role("alert").first).to_be_visible()
    sound(other)
    other.get_by_role("button", name=say("同意，撤回这些卡", "Agree: end these cards")).click()
    ended = {
        "batch-recalled": say("撤回了 3 张", "Withdrawn: 3"),
        "key-lost": say("再签了 3 张", "the old one withdrawn: 3"),
    }[reason]
    done(other, ended, say, scripts=scripts)
    expect(
        other.get_by_text(say("要另外告诉的：2 人", "To be told another way: 2"))
    ).to_be_visible()
    for name in scene["names"][1:]:
        expect(other.get_by_role("rowheader", name=name)).to_be_visible()
    expect(other.get_by_role("rowheader", name=scene["names"][0])).to_have_count(0)
    sound(other)
    other.goto("/desk/recalls")
    expect(other.get_by_text(say("做完了", "Done"), exact=True).first).to_be_visible()
    sound(other)
    if reason == "key-lost":
        other.goto(page.url)
        other.get_by_role("link", name=say("打印全部 2 张", "Print all 2")).click()
        expect(other.get_by_text(scene["names"][1]).first).to_be_visible()
        sound(other)

    own = enter(scene["holder"], lang=lang, width=width, scripts=scripts)
    own.goto("/wallet/messages")
    told = own.get_by_text(say("周六来补打", "The clerk wrote")).first
    expect(told).to_be_visible()
    sound(own)
    own.get_by_role("link", name=say("打开这张卡", "Open the card")).click()
    # What holds now: nothing of a recalled batch, the new card of a lost key.
    withdrawn = own.get_by_text(say("不再算数", "no longer counts"))
    expect(own.get_by_role("link", name=say("证明什么", "What it says"))).to_be_visible()
    expect(withdrawn).to_have_count(0 if reason == "key-lost" else 1)
    expect(own.get_by_role("link", name=say("打印", "Print"), exact=True)).to_have_count(
        1 if reason == "key-lost" else 0
    )
    sound(own)
    own.goto(f"/wallet/{scene['person']}")
    expect(own.get_by_role("heading", level=1)).to_be_visible()
    sound(own)
