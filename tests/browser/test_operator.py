"""The operator's journey: how the node is, a colleague's account from first password to last day, and what is not theirs."""

import secrets

import pytest
from playwright.sync_api import expect

from tests.lib.browser_words import Tongue, box, new_name, sign_in


@pytest.fixture
def operator(site):
    return site.ask("staff", role="operator", shown="何满灯")


@pytest.fixture
def auditor(site):
    return site.ask("staff", role="auditor", shown="石听雨")


def title(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def not_open(page, say, place):
    page.goto(place)
    title(page, say("这一页不给您看", "This page is not open to you"))


def loaded_until(page, place, words):
    """A job does the work behind the page, and the page tells how far it is when it is loaded again."""
    for _ in range(200):
        if words in place.inner_text():
            return
        page.reload()
    expect(place).to_contain_text(words)


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
def test_an_operator_looks_after_the_node(enter, site, operator, sound, lang, width):
    say = Tongue(lang)
    site.ask("failed_event", name="notice-withdrawn")
    page = enter(lang=lang, width=width)
    page.goto("/")
    sign_in(page, say, operator)
    main = page.get_by_role("navigation", name=say("主导航", "Main"))
    main.get_by_role("link", name=say("运维", "Operate")).click()
    title(page, say("运维", "Operate"))
    sound(page)

    found = page.get_by_role("table", name=say("自检", "What was looked at"))
    trail = found.get_by_role("row", name=say("审计记录", "Audit trail"))
    expect(found.get_by_role("row", name=say("备份", "Backup"))).to_contain_text(
        "huxin node backup"
    )
    page.get_by_role("button", name=say("核对审计记录", "Check the audit trail")).click()
    loaded_until(page, trail, say("条完整", "held on"))
    expect(trail).to_contain_text(say("正常", "Fine"))
    keys = page.get_by_role("table", name=say("密钥到期日历", "When keys end"))
    expect(keys.get_by_role("row").filter(has_text="2040-01-01").first).to_be_visible()

    failed = page.get_by_role("row").filter(has_text=say("撤下了公告", "A notice was withdrawn"))
    expect(failed).to_contain_text("OperationalError")
    page.get_by_role("button", name=say("全部再试一次", "Try all of them again")).click()
    expect(page.get_by_text(say("项会再试一次", "will be tried once more"))).to_be_visible()
    expect(failed).to_have_count(0)
    sound(page)
    health = page.context.request.get("/health")
    expect(health).to_be_ok()
    assert health.json() == {"status": "ok"}
    assert "huxin_outbox_waiting" in page.context.request.get("/metrics").text()


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
def test_a_colleague_comes_changes_work_and_leaves(enter, operator, auditor, sound, lang, width):
    say = Tongue(lang)
    page = enter(operator, lang=lang, width=width)
    name, shown = f"clerk-{secrets.token_hex(3)}", new_name("沈")
    password = open_account(page, say, name, shown, sound)

    other = enter(lang=lang)
    other.goto("/")
    sign_in(other, say, {"name": name, "password": password})
    change_password(other, say, password, sound)
    other.goto("/desk")
    title(other, say("签发台", "Issuing desk"))

    page.get_by_role("row").filter(has_text=name).get_by_role("link").click()
    title(page, shown)
    sound(page)
    box(page, say("再给一个角色", "One more role")).select_option("rule-officer")
    page.get_by_role("button", name=say("给这个角色", "Give this role")).click()
    expect(page.get_by_text(say("已给角色：规则员", "Given: Rule officer"))).to_be_visible()
    other.goto("/notices/new")
    title(other, say("写公告", "Write a notice"))
    page.get_by_role("button", name=say("收回 签发员", "Take away Clerk")).click()
    expect(page.get_by_text(say("已收回角色：签发员", "Taken away: Clerk"))).to_be_visible()
    # The last role has no button: whoever has none left is closed instead.
    expect(page.get_by_role("button", name=say("收回", "Take away"))).to_have_count(0)
    sound(page)
    not_open(other, say, "/desk")
    sound(other)

    page.get_by_role("button", name=say("关闭账号", "Close the account")).click()
    sound(page)
    page.get_by_role("button", name=say("关闭", "Close it"), exact=True).click()
    expect(page.get_by_text(say(f"账号 {name} 已关闭", f"The account {name} is closed"))).to_be_visible()  # fmt: skip
    sound(page)
    other.goto("/notices/new")
    title(other, say("登录", "Sign in"))
    read_the_trail(enter(auditor, lang=lang, width=width), say, name, sound)


def open_account(page, say, name, shown, sound):
    """From the list to the first password; a faulty name first."""
    page.goto("/operate")
    page.get_by_role("link", name=say("工作账号", "Staff")).click()
    title(page, say("工作账号", "Staff accounts"))
    page.get_by_role("link", name=say("新建账号", "New account")).click()
    box(page, say("账号名", "Account name")).fill("沈 砚")
    box(page, say("显示名", "Name that colleagues see")).fill(shown)
    box(page, say("在哪个机构", "Where they work")).select_option(
        label="河埠头服务中心 Wharf Centre"
    )
    page.get_by_role("checkbox", name=say("签发员", "Clerk")).check()
    page.get_by_role("button", name=say("建账号", "Make the account")).click()
    told = page.get_by_role("alert")
    expect(told).to_be_focused()
    expect(told).to_contain_text("clerk-lin")
    expect(box(page, say("显示名", "Name that colleagues see"))).to_have_value(shown)
    sound(page)
    box(page, say("账号名", "Account name")).fill(name)
    page.get_by_role("button", name=say("建账号", "Make the account")).click()
    title(page, say("初始密码", "First password"))
    sound(page)
    password = page.locator("#password").inner_text()
    page.get_by_role("link", name=say("记下了", "Noted")).click()
    sound(page)
    return password


def change_password(page, say, old, sound):
    """What the first password says on its page: change it at once."""
    new = "three quiet lanterns"
    page.get_by_role("link", name=say("我的账号", "My account")).click()
    sound(page)
    page.get_by_role("link", name=say("密码", "Password"), exact=True).click()
    box(page, say("现在的密码", "Password now")).fill(old)
    box(page, say("新密码", "New password")).fill(new)
    box(page, say("新密码，再写一次", "New password again")).fill(new)
    sound(page)
    page.get_by_role("button", name=say("换密码", "Change password")).click()
    expect(page.get_by_text(say("密码改好了", "The password is changed"))).to_be_visible()


def read_the_trail(page, say, name, sound):
    """The auditor finds each step, checks that nothing is missing, and reads nobody's name."""
    page.goto("/audit")
    sound(page)
    for action, words in (
        ("added-account", say("开了一个账号", "Added an account")),
        ("gave-role", say("给了一个账号一个角色", "Gave an account a role")),
        ("took-role", say("收回了一个账号的一个角色", "Took a role from an account")),
        ("closed-account", say("关了一个账号", "Closed an account")),
    ):
        box(page, say("做了什么", "What was done")).select_option(action)
        page.get_by_role("button", name=say("看", "Show"), exact=True).click()
        newest = page.get_by_role("row").filter(has_text=action).first
        expect(newest).to_contain_text(words)
    page.get_by_role("link", name=say("看全部", "Show all")).click()
    page.get_by_role("button", name=say("现在核对", "Verify now")).click()
    loaded_until(page, page.get_by_role("main"), say("从第一条到最后一条都对得上", "from the first to the last"))  # fmt: skip
    expect(page.get_by_text(name)).to_have_count(0)
    sound(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_operator_sees_no_person_and_no_card(enter, site, operator, sound, lang):
    """Who keeps the machine running learns nothing of the people in it."""
    say = Tongue(lang)
    clerk = site.ask("staff", role="clerk")
    name = new_name("顾")
    person = site.ask("person", name=name)
    card = site.ask("card", person=person, by=clerk["name"])
    site.ask("resident", person=person, shown=name)
    page = enter(operator, lang=lang)
    for place in (
        "/desk",
        f"/desk/people/{person}",
        f"/desk/cards/{card}",
        f"/cards/{card}/print",
        f"/wallet/{person}",
        f"/card/{card}",
        f"/wallet/access/{person}",
        "/clinic",
        "/audit",
    ):
        not_open(page, say, place)
    sound(page)
    for place in ("/operate", "/operate/staff", "/operate/organisations"):
        page.goto(place)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text(name)).to_have_count(0)
    page.goto("/operate/staff")
    own = page.get_by_role("row").filter(has_text=operator["name"])
    own.get_by_role("link").click()
    expect(page.get_by_text(say("这是您自己的账号", "This is your own account"))).to_be_visible()
    expect(page.get_by_role("button", name=say("给这个角色", "Give this role"))).to_have_count(0)
    sound(page)
