"""Rules are drafted under the linter's eyes, tried, handed in and published by another officer: zh and en.

A node of its own: what is published here is asked nowhere else.
"""

import json
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from huxin.adapters import clock
from tests.lib.browser_node import running_node
from tests.lib.browser_words import Tongue

# On a hurried machine a simulation takes its time.
TRIED = 240_000


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_node(tmp_path_factory.mktemp("rules") / "node") as made:
        yield made


@pytest.fixture
def officers(site):
    return [site.ask("staff", role="rule-officer", shown=name) for name in ("方既明", "宋再读")]


def tried(page, say, *, scripts):
    """Wait until the simulation is done; without scripts its link is followed as often as needed."""
    said = page.get_by_text(say("个虚构的人里", "invented people,"))
    link = page.get_by_role("link", name=say("看进度", "See how far it is"))
    while not scripts and not said.first.is_visible():
        # A page later, never beside one that is still coming.
        with page.expect_navigation():
            link.click()
    expect(said.first).to_be_visible(timeout=TRIED)


@pytest.mark.parametrize(
    ("lang", "width", "scripts", "pack"),
    [("zh", 320, True, "hospital-visitor"), ("en", 1280, False, "measles-outbreak")],
)
def test_from_a_draft_to_what_everybody_reads(enter, sound, officers, lang, width, scripts, pack):
    say = Tongue(lang)
    page = enter(officers[0], lang=lang, width=width, scripts=scripts)
    page.goto("/rule-desk")
    sound(page)
    page.get_by_role("link", name=say("写新的", "Begin a draft")).click()
    expect(page.get_by_role("button", name=say("开始写", "Begin"))).to_be_visible()
    sound(page)
    page.locator(f"input[value='pack:{pack}']").check()
    page.get_by_role("button", name=say("开始写", "Begin")).click()
    expect(page.get_by_text(say("没有不能公布的", "Looked through: nothing"))).to_be_visible()
    sound(page)

    # A rule without an end: refused while it is typed, or once it is saved.
    text = page.get_by_label(say("规则（JSON）", "The rules (JSON)"))
    right = text.input_value()
    wrong = json.loads(right)
    ends = wrong["rules"][0].pop("valid_until")
    text.fill(json.dumps(wrong, ensure_ascii=False))
    if not scripts:
        page.get_by_role("button", name=say("保存", "Save"), exact=True).click()
    expect(page.get_by_text("rule-shape")).to_be_visible()
    expect(page.get_by_text("/valid_until")).to_be_visible()
    sound(page)
    assert ends
    text.fill(right)
    page.get_by_role("button", name=say("保存并模拟", "Save and simulate")).click()
    tried(page, say, scripts=scripts)
    sound(page)
    page.get_by_role("button", name=say("送审", "Hand in"), exact=True).click()
    expect(
        page.get_by_text(say("要由另一位规则员公布", "another rule officer publishes it"))
    ).to_be_visible()
    sound(page)

    other = enter(officers[1], lang=lang, width=width, scripts=scripts)
    other.goto("/rule-desk")
    other.get_by_role("link", name=say("去看", "Look")).click()
    expect(other.get_by_role("button", name=say("同意并公布", "Agree and publish"))).to_be_visible()
    sound(other)
    other.get_by_role("button", name=say("退回", "Send back")).click()
    expect(other.get_by_role("alert").first).to_be_visible()
    sound(other)
    other.get_by_role("button", name=say("同意并公布", "Agree and publish")).click()
    expect(other.get_by_role("heading", name=say("将要施行", "To come"))).to_be_visible()
    sound(other)

    page.reload()
    expect(page.get_by_text(say("公布了一条规则", "Published a rule")).first).to_be_visible()
    sound(page)
    page.get_by_role("link", name=say("规则台", "Rule desk")).first.click()
    expect(page.get_by_text(say("将要施行", "To come")).first).to_be_visible()
    sound(page)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_only_lets_more_in_is_in_force_at_once_and_ends(enter, sound, site, officers, lang):
    """Each language takes the next version: what was asked before loses a rule's second half."""
    say = Tongue(lang)
    site.ask("rules", pack="school-entry")
    page = enter(officers[0], lang=lang, width=1280)
    page.goto("/rule-desk/new")
    page.locator("input[value='purpose:school']").check()
    page.get_by_role("button", name=say("开始写", "Begin")).click()
    text = page.get_by_label(say("规则（JSON）", "The rules (JSON)"))
    content = json.loads(text.input_value())
    (rule,) = [one for one in content["rules"] if one["id"] == "SCHOOL-DTP"]
    rule["valid_from"] = f"{clock.now() - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    text.fill(json.dumps({"valueSets": {}, "rules": [rule]}, ensure_ascii=False))
    # So soon only for what turns nobody away: that is not known before it was simulated.
    expect(page.get_by_text("lint-notice")).to_be_visible()
    page.get_by_role("button", name=say("保存并模拟", "Save and simulate")).click()
    tried(page, say, scripts=True)
    expect(page.get_by_text(say("没有人失去什么", "Nobody loses anything")).first).to_be_visible()
    expect(page.get_by_text("lint-notice")).to_have_count(0)
    page.get_by_role("button", name=say("送审", "Hand in"), exact=True).click()
    expect(page.get_by_role("button", name=say("收回来改", "Take it back"))).to_be_visible()

    other = enter(officers[1], lang=lang, width=390)
    other.goto(page.url)
    expect(other.get_by_text(re.compile(r"SCHOOL-DTP 1\.\d\.0 → 1\.\d\.0"))).to_be_visible()
    sound(other)
    other.get_by_role("button", name=say("同意并公布", "Agree and publish")).click()
    now = other.locator("section").filter(
        has=other.get_by_role("heading", name=say("现行", "In force"), exact=True)
    )
    expect(now.get_by_text(f"SCHOOL-DTP · {rule['version']}")).to_be_visible()
    sound(other)
    page.goto("/rule-desk")
    expect(page.get_by_text(say("现行", "In force"), exact=True).first).to_be_visible()


def test_a_draft_is_sent_back_changed_by_keyboard_and_dropped(enter, sound, site, officers):
    draft = site.ask("rule_draft", by=officers[0]["name"], waiting=True)
    other = enter(officers[1], width=390)
    other.goto(f"/rule-desk/{draft}")
    other.get_by_label("为什么退回").fill("请写明条款")
    other.get_by_role("button", name="退回").click()
    expect(other.get_by_text("请写明条款").first).to_be_visible()

    page = enter(officers[0], width=390, elder=True)
    page.goto(f"/rule-desk/{draft}")
    expect(page.get_by_text("退回过")).to_be_visible()
    sound(page, elder=True)
    page.get_by_role("button", name="放弃草稿").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("已放弃，没有公布。")).to_be_visible()
    sound(page, elder=True)
